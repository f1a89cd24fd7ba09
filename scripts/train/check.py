"""What training relies on; run by the script `check`."""

import io
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from distill import load, save, student_of
from enlarger import SIZES_OF_ENLARGERS, Enlarger
from integer_network import IntegerNetwork
from make_enlarged import SIDE, same_tone
from model_file import ModelFile
from optimizer import Optimizer
from pairs import Pairs
from prune import best
from student import SEARCHED, SIZES, Shape, Student
from transplant import lineage, transplanted, widths

here = Path(__file__).parent
folder = here.parent.parent / "weights"
weights = sorted([*folder.glob("*.safetensors"), *folder.glob("finishing/*.safetensors")])


def untrained(size: str, sizes: dict = SIZES) -> Student:
    """With normalizations that are not all alike."""
    torch.manual_seed(1)
    student = Student(sizes[size])
    for part in student.modules():
        if isinstance(part, torch.nn.BatchNorm2d):
            part.weight.data.uniform_(0.5, 1)
            part.bias.data.uniform_(-0.2, 0.2)
            part.running_mean.uniform_(-0.1, 0.1)
    return student.eval()


class Folder(unittest.TestCase):
    def setUp(self) -> None:
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.folder = Path(place.name)


class TheEnginesArithmetic(Folder):
    def test_pytorch_paints_what_animesnap_convert_paints(self) -> None:
        photo = Image.open(os.environ["SAMPLE_PHOTO"]).convert("RGB")
        side = min(photo.size) // 16 * 16
        photo = photo.crop((0, 0, side, side // 32 * 16)).copy()
        photo.save(self.folder / "photo.jpg", quality=95, subsampling=0)
        photo = np.asarray(Image.open(self.folder / "photo.jpg"))
        for model in weights:
            with self.subTest(model=model.stem):
                result = self.folder / f"{model.stem}.jpg"
                subprocess.run([os.environ["ANIMESNAP"], "convert", self.folder / "photo.jpg", "-o", result, "--model", model,
                                "--size", str(side), "--quality", "100"], check=True, stdout=subprocess.DEVNULL)
                file = io.BytesIO()
                made = IntegerNetwork(model).exact(photo)
                Image.fromarray(made).save(file, "JPEG", quality=100, subsampling=0)
                mine, theirs = (np.asarray(Image.open(source)).astype(int) for source in (file, result))
                self.assertEqual(mine.shape, theirs.shape)
                self.assertGreaterEqual((np.abs(mine - theirs) <= 1).mean(), 0.999)
                # A picture that shows nothing would agree just as well.
                self.assertGreater(made.std(), 10)

    def test_training_sees_what_the_engine_computes(self) -> None:
        chance = np.random.default_rng(0)
        photo = chance.integers(0, 256, (64, 96, 3), np.uint8)
        network = IntegerNetwork(weights[0])
        values = torch.from_numpy(photo.astype(np.float32) / 127.5 - 1).permute(2, 0, 1)[None]
        with torch.no_grad():
            made = ((network(values)[0].permute(1, 2, 0) + 1) * 127.5).round().numpy()
        self.assertLessEqual(np.abs(made - network.exact(photo)).max(), 0)

    def test_a_file_that_is_read_and_written_stays_the_same(self) -> None:
        for model in weights:
            IntegerNetwork(model).save(self.folder / "again.safetensors")
            self.assertEqual((self.folder / "again.safetensors").read_bytes(), model.read_bytes(), model.stem)

    def test_a_changed_weight_is_written_where_the_engine_reads_it(self) -> None:
        file = ModelFile(weights[0])
        layer = file.graph["layers"][1]
        changed = file.weights(layer)
        changed[3, 2, 1, 0] = -changed[3, 2, 1, 0] + 1
        file.replace_weights(layer, changed)
        file.save(self.folder / "changed.safetensors")
        np.testing.assert_array_equal(ModelFile(self.folder / "changed.safetensors").weights(layer), changed)
        subprocess.run([os.environ["ANIMESNAP"], "model", "inspect", self.folder / "changed.safetensors"], check=True,
                       stdout=subprocess.DEVNULL)


class Shapes(Folder):
    def test_a_student_that_grows_paints_as_before(self) -> None:
        medium = untrained("m")
        old = widths(medium.shape)
        large = transplanted(medium, SIZES["l"], {group: list(range(width)) for group, width in old.items()},
                             lineage(medium.shape, SIZES["l"]))
        photo = torch.rand(1, 3, 64, 96) * 2 - 1
        with torch.no_grad():
            torch.testing.assert_close(large(photo), medium(photo), atol=1e-4, rtol=0)
        self.assertEqual(large.shape, SIZES["l"])

    def test_a_student_that_gets_a_deeper_stride_paints_as_before(self) -> None:
        medium = untrained("m-stride-8", SEARCHED)
        deeper = Shape(32, 64, 128, 128, (256,) * 3, (128,) * 3, (256,) * 2, (256,) * 4, (128,) * 4, (32,) * 2)
        large = transplanted(medium, deeper,
                             {group: list(range(width)) for group, width in widths(medium.shape).items()},
                             lineage(medium.shape, deeper))
        photo = torch.rand(1, 3, 64, 96) * 2 - 1
        with torch.no_grad():
            torch.testing.assert_close(large(photo), medium(photo), atol=1e-4, rtol=0)

    def test_what_is_pruned_without_being_heard_changes_nothing(self) -> None:
        """A grown student, pruned back to the channels that it grew from, is the student it was."""
        small = untrained("s")
        old = widths(small.shape)
        everything = lineage(small.shape, SIZES["m"])
        kept = {group: list(range(width)) for group, width in old.items()}
        medium = transplanted(small, SIZES["m"], kept, everything)
        back = transplanted(medium, SIZES["s"], kept | {
            group: list(range(width)) for group, width in widths(SIZES["m"]).items() if group not in kept}, everything)
        photo = torch.rand(1, 3, 64, 96) * 2 - 1
        with torch.no_grad():
            torch.testing.assert_close(back(photo), small(photo), atol=1e-4, rtol=0)

    def test_the_most_important_are_kept_in_their_order(self) -> None:
        self.assertEqual(best([0.5, 3.0, 1.0, 2.0], 2), [1, 3])

    def test_a_file_keeps_shape_and_weights(self) -> None:
        student = untrained("s")
        save(self.folder / "s.pt", student.state_dict(), student.shape)
        again = load(self.folder / "s.pt")
        photo = torch.rand(1, 3, 64, 64)
        with torch.no_grad():
            torch.testing.assert_close(again(photo), student(photo))

    def test_a_file_keeps_an_enlarger(self) -> None:
        enlarger = Enlarger(SIZES_OF_ENLARGERS["s"]).eval()
        save(self.folder / "s.pt", enlarger.state_dict(), enlarger.shape)
        picture = torch.rand(1, 3, 62, 64)
        with torch.no_grad():
            made = enlarger(picture)
            torch.testing.assert_close(load(self.folder / "s.pt")(picture), made)
        self.assertEqual(made.shape, (1, 3, 124, 128))


class Crops(Folder):
    def test_a_target_of_twice_the_size_is_cut_at_the_same_place(self) -> None:
        chance = np.random.default_rng(0)
        small = chance.integers(0, 256, (26, 32, 32, 3), np.uint8)
        np.save(self.folder / "finish-photos.npy", small)
        np.save(self.folder / "finish-targets.npy", small.repeat(2, 1).repeat(2, 2))
        for step in range(4):
            photo, target = Pairs(self.folder, "finish").batch(step, side=16)
            torch.testing.assert_close(target, torch.nn.functional.interpolate(photo, scale_factor=2, mode="nearest"))


class EnlargedTargets(unittest.TestCase):
    def test_they_have_the_tone_of_the_small_picture_and_no_seams(self) -> None:
        small = np.full((SIDE, SIDE, 3), 200, np.uint8)
        small[:, 100:104] = 40
        brighter = small.repeat(2, 0).repeat(2, 1) + np.uint8(6)
        brighter[:, 198:200] = 250
        made = same_tone(small, brighter)
        self.assertLessEqual(np.abs(made[:, :190].astype(int) - 200).max(), 1)
        self.assertLessEqual(made.max(), 204)


class Steps(unittest.TestCase):
    def test_a_step_moves_every_weight(self) -> None:
        for name, shape in (SEARCHED | {f"enlarger-{size}": shape for size, shape in SIZES_OF_ENLARGERS.items()}).items():
            with self.subTest(shape=name):
                student = student_of(shape).to(memory_format=torch.channels_last).train()
                before = {name: value.detach().clone() for name, value in student.named_parameters()}
                optimizer = Optimizer(student, 0.01)
                (student(torch.rand(2, 3, 32, 32)) - 1).square().mean().backward()
                optimizer.step()
                for name, value in student.named_parameters():
                    self.assertFalse(torch.equal(value, before[name]), name)
                    self.assertIsNone(value.grad, name)


class Resuming(Folder):
    def test_an_interrupted_run_ends_as_an_undisturbed_one(self) -> None:
        chance = np.random.default_rng(0)
        for kind in ("photos", "targets"):
            np.save(self.folder / f"cute-{kind}.npy", chance.integers(0, 256, (26, 64, 64, 3), np.uint8))
        for name, stops in (("once", [4]), ("twice", [2, 4])):
            for stop in stops:
                subprocess.run([sys.executable, here / "distill.py", "cute", "--work", self.folder, "--name", name, "--size", "s",
                                "--steps", "4", "--stop", str(stop), "--side", "32", "--threads", "1"],
                               check=True, stdout=subprocess.DEVNULL)
        once, twice = (torch.load(self.folder / f"{name}.pt", weights_only=True)["mean"] for name in ("once", "twice"))
        for name, value in once.items():
            torch.testing.assert_close(twice[name], value, msg=name)


if __name__ == "__main__":
    unittest.main()
