"""What moves the weights: Muon for matrices, AdamW for the rest.

Muon (K. Jordan et al., 2024, https://kellerjordan.github.io/posts/muon) makes the step of a matrix orthogonal, so that rare
directions are learned as fast as common ones; steps are scaled as in arXiv:2502.16982. A convolution's weights are the
matrix from the samples under its window to its outputs. Depthwise weights are no such matrix, and the first and the last
convolution, which touch colours, go with AdamW as is usual.
"""

import torch
from torch import nn

# How much further than AdamW's a step of Muon goes.
FURTHER = 4


class Optimizer:
    """Muon and AdamW as one; the weights must be in channels-last order."""

    def __init__(self, student: nn.Module, rate: float):
        ends = {id(part.weight) for part in (student.stem[0], student.head)}
        convolutions = [part.weight for part in student.modules() if isinstance(part, nn.Conv2d) and part.groups == 1]
        # A matrix shares its memory with the weights that it stands for.
        self.matrices = [(weights, nn.Parameter(as_matrix(weights.data)))
                         for weights in convolutions if id(weights) not in ends]
        taken = {id(weights) for weights, _ in self.matrices}
        rest = [weights for weights in student.parameters() if id(weights) not in taken]
        self.muon = torch.optim.Muon([matrix for _, matrix in self.matrices], weight_decay=0,
                                     adjust_lr_fn="match_rms_adamw")
        self.adam = torch.optim.AdamW(rest, weight_decay=1e-4)
        self.set_rate(rate)

    def set_rate(self, rate: float) -> None:
        for optimizer, times in ((self.muon, FURTHER), (self.adam, 1)):
            for group in optimizer.param_groups:
                group["lr"] = times * rate

    def step(self) -> None:
        """Moves the weights along their gradients, and forgets these."""
        for weights, matrix in self.matrices:
            matrix.grad = as_matrix(weights.grad)
        for optimizer in (self.muon, self.adam):
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        for weights, _ in self.matrices:
            weights.grad = None

    def state_dict(self) -> dict:
        return {"muon": self.muon.state_dict(), "adam": self.adam.state_dict()}

    def load_state_dict(self, kept: dict) -> None:
        self.muon.load_state_dict(kept["muon"])
        self.adam.load_state_dict(kept["adam"])


def as_matrix(weights: torch.Tensor) -> torch.Tensor:
    """Outputs by samples under the window, sharing memory."""
    return weights.permute(0, 2, 3, 1).view(len(weights), -1)
