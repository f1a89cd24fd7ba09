"""How far a student's picture is from its teacher's."""

import torch
from torch.nn import functional as F


# At 32 dB the squares then weigh about as much as the absolute differences.
SQUARES = 10


def distance(made: torch.Tensor, target: torch.Tensor, scales: int = 3) -> torch.Tensor:
    """Absolute and squared differences of samples, and absolute ones of their gradients at several scales, which keeps
    lines and edges."""
    total = (made - target).abs().mean() + SQUARES * (made - target).square().mean()
    for _ in range(scales):
        for mine, theirs in zip(gradients(made), gradients(target)):
            total = total + (mine - theirs).abs().mean()
        made, target = F.avg_pool2d(made, 2), F.avg_pool2d(target, 2)
    return total


def gradients(picture: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return picture[..., 1:, :] - picture[..., :-1, :], picture[..., :, 1:] - picture[..., :, :-1]


def psnr(made: torch.Tensor, target: torch.Tensor) -> float:
    """In dB, of pictures in [-1, 1]."""
    error = (made.clamp(-1, 1) - target).square().mean().item()
    return 10 * torch.log10(torch.tensor(4 / max(error, 1e-12))).item()
