"""What the renderer of drawn targets relies on; run by the script `check` where its environment is told. No networks."""

import random
import unittest

import numpy as np

from drawn.common import chroma, masked_blur, smoothstep
from drawn.exposure import darkness, exposed
from drawn.flow import flow
from drawn.hair import NO_TONE, TONE_EDGES
from drawn.integral import along_flow
from drawn.kuwahara import kuwahara
from drawn.lines import line_response
from drawn.measures import beard_weights
from drawn.mesh import polygon, silhouette, spline
from drawn.skin import skin_tones
from drawn.sky import sky_share
from drawn.tones import soft_steps, soft_threshold
from drawn_crops import EYES_APART, EYES_DOWN, SIDE, Eyes, interleaved, largest_face, portrait, scene
from progress import Progress

noise = np.random.default_rng(1)


def stripes(period: int = 8) -> np.ndarray:
    """Vertical ones."""
    return np.tile(((np.arange(64) // (period // 2)) % 2).astype(np.float32), (64, 1))


class Filters(unittest.TestCase):
    def test_a_smooth_step_has_flat_ends_and_may_fall(self) -> None:
        np.testing.assert_allclose(smoothstep(np.array([-1, 0, .5, 1, 2]), 0, 1), [0, 0, .5, 1, 1], atol=1e-6)
        self.assertAlmostEqual(float(smoothstep(.25, 1, 0)), 1 - float(smoothstep(.25, 0, 1)), places=6)

    def test_what_is_outside_a_mask_does_not_bleed_into_its_blur(self) -> None:
        picture, mask = np.zeros((32, 32), np.float32), np.zeros((32, 32), np.float32)
        picture[:, 16:], mask[:, :16] = 100, 1
        self.assertLess(masked_blur(picture, mask, 3)[:, :16].max(), 1e-3)

    def test_the_flow_runs_along_stripes(self) -> None:
        x, y, anisotropy = flow(stripes(), 2)
        self.assertGreater(np.abs(y[8:-8, 8:-8]).min(), 0.99)
        self.assertLess(np.abs(x[8:-8, 8:-8]).max(), 0.1)
        self.assertGreater(anisotropy[8:-8, 8:-8].min(), 0.9)

    def test_smoothing_along_the_flow_keeps_stripes_and_takes_noise(self) -> None:
        clean = stripes()
        noisy = clean + noise.normal(0, 0.1, clean.shape).astype(np.float32)
        smooth = along_flow(noisy, *flow(clean, 2)[:2], 4)
        inside = np.s_[12:-12, 12:-12]
        self.assertLess(np.std((smooth - clean)[inside]), 0.5 * np.std((noisy - clean)[inside]))
        self.assertGreater(smooth[inside].std(), 0.4)

    def test_the_kuwahara_filter_flattens_areas_and_keeps_their_edge(self) -> None:
        clean = np.zeros((48, 48, 3), np.float32)
        clean[:, :24], clean[:, 24:] = 0.2, 0.8
        noisy = clean + noise.normal(0, 0.04, clean.shape).astype(np.float32)
        made = kuwahara(noisy, 5, sigma=2, sharpness=10, hardness=10)
        self.assertLess(np.std(made[8:-8, 6:18]), 0.015)
        self.assertLess(made[24, 22].mean(), 0.3)
        self.assertGreater(made[24, 25].mean(), 0.7)
        flat = np.full((32, 32, 3), 0.4, np.float32)
        np.testing.assert_allclose(kuwahara(flat, 4, sigma=2), flat, atol=1e-5)

    def test_a_dark_line_answers_and_a_plain_does_not(self) -> None:
        picture = np.full((48, 48), 0.7, np.float32)
        self.assertLess(np.abs(line_response(picture, 1, 3, 2)[0]).max(), 1e-5)
        picture[:, 24] = 0.2
        response, _ = line_response(picture, 1, 3, 2)
        self.assertLess(response[8:-8, 24].max(), -0.022)
        self.assertGreater(response[8:-8, 34:].min(), -0.0065)

    def test_tones_are_steps_where_there_is_contrast_and_gradients_stay(self) -> None:
        slow = np.tile(np.linspace(40, 48, 64, dtype=np.float32), (64, 1))
        np.testing.assert_allclose(soft_steps(slow, 11), slow, atol=1)
        steep = np.tile(np.linspace(0, 100, 64, dtype=np.float32), (64, 1))
        self.assertGreater(np.abs(soft_steps(steep, 11) - steep).max(), 2)

    def test_a_soft_threshold_is_crisp_however_slowly_its_map_rises(self) -> None:
        for high in (10, 100):
            made = soft_threshold(np.tile(np.linspace(0, high, 64, dtype=np.float32), (64, 1)), high / 2, 1.2, 0.05)[32]
            self.assertLess(((made > 0.05) & (made < 0.95)).sum(), 8)
            self.assertTrue(made[0] < 0.01 and made[-1] > 0.99)


class Shapes(unittest.TestCase):
    def test_a_polygon_fills_its_area(self) -> None:
        mask = polygon((40, 40), np.array([[10, 10], [30, 10], [30, 20], [10, 20]]))
        self.assertAlmostEqual(float(mask.sum()), 21 * 11, delta=32)

    def test_a_spline_begins_and_ends_where_its_points_do(self) -> None:
        points = np.array([[0, 0], [10, 4], [20, 0]])
        made = spline(points, 20)
        np.testing.assert_allclose(made[[0, -1]], points[[0, -1]], atol=1e-4)

    def test_a_silhouette_is_closed_and_even(self) -> None:
        angles = np.linspace(0, 6.28, 200)
        made = silhouette(np.stack([50 + 20 * np.cos(angles), 50 + 30 * np.sin(angles)], 1).astype(np.float32))
        steps = np.linalg.norm(made - np.roll(made, 1, 0), axis=1)
        self.assertLess(steps.max(), 1.5 * steps.min())


class Tones(unittest.TestCase):
    def test_every_skin_stays_the_skin_it_is(self) -> None:
        for lightness, dark in ((25, 1.), (45, .5), (60, 0.), (75, 0.), (90, 0.)):
            light, shadow = skin_tones(np.array([lightness, 12., 18.]), lightness, dark)
            self.assertLess(light[0] - lightness, 6 if dark == 1 else 20)
            self.assertGreaterEqual(light[0], lightness - 3)
            self.assertLess(shadow[0], light[0] - 4)
            for tone in (light, shadow):
                self.assertTrue(35 < np.degrees(np.arctan2(tone[2], tone[1])) < 70)
                self.assertGreater(chroma(tone), 10)

    def test_dim_light_is_no_dark_skin(self) -> None:
        # The white of the eye is much lighter than dark skin, and hardly lighter than light skin in the shade.
        self.assertGreater(darkness(30, 25, .3, 0), .9)
        self.assertLess(darkness(45, 1, .3, 0), .4)
        self.assertEqual(darkness(80, 10, .3, 0), 0)

    def test_a_beard_is_moustache_chin_and_both_sides(self) -> None:
        self.assertGreater(min(beard_weights((.6, .6, .6, .6), 0)), .9)
        for missing in range(4):
            parts = [.6, .6, .6, .6]
            parts[missing] = .2
            self.assertEqual(max(beard_weights(tuple(parts), 0)), 0, missing)

    def test_where_there_is_no_hair_its_tone_is_neither_dark_nor_light(self) -> None:
        self.assertTrue(TONE_EDGES[0] < NO_TONE < TONE_EDGES[1] < TONE_EDGES[2])

    def test_dim_pictures_become_bright_and_bright_ones_stay(self) -> None:
        nobody = np.zeros((64, 64), np.float32)
        picture = noise.uniform(0.3, 1, (64, 64, 3)).astype(np.float32)
        self.assertGreater(exposed(picture * 0.25, nobody, 0.2).mean(), 1.5 * 0.25 * picture.mean())
        self.assertLess(abs(exposed(picture, nobody, 0.2).mean() - picture.mean()), 0.06)

    def test_sky_is_blue_smooth_and_above(self) -> None:
        lab = np.full((64, 64, 3), [70, -5, -25], np.float32)
        share = sky_share(lab, np.zeros((64, 64), np.float32))
        self.assertTrue(share[5, 32] > .9 and share[-3, 32] < .05)


class Crops(unittest.TestCase):
    def test_eyes_come_to_their_place(self) -> None:
        photo = np.zeros((600, 800, 3), np.uint8)
        right, left = np.array([300., 250.]), np.array([400., 290.])
        for point, colour in ((right, (255, 0, 0)), (left, (0, 255, 0))):
            photo[int(point[1]) - 6:int(point[1]) + 7, int(point[0]) - 6:int(point[0]) + 7] = colour
        made = portrait(photo, Eyes(right, left, 220, 300), random.Random(2))
        places = [np.argwhere(made[..., channel] > 128).mean(0)[::-1] for channel in (0, 1)]
        middle, across = (places[0] + places[1]) / 2, places[1] - places[0]
        np.testing.assert_allclose(middle, [SIDE / 2, SIDE * EYES_DOWN], atol=16)
        self.assertTrue(.8 < np.hypot(*across) / (SIDE * EYES_APART) < 1.17)
        self.assertLess(abs(np.degrees(np.arctan2(across[1], across[0]))), 5)

    def test_profiles_and_the_tiny_are_no_portraits(self) -> None:
        photo = np.zeros((200, 200, 3), np.uint8)
        profile = Eyes(np.array([100., 100.]), np.array([110., 100.]), 80, 100)
        tiny = Eyes(np.array([100., 100.]), np.array([112., 100.]), 30, 40)
        for eyes in (profile, tiny):
            self.assertIsNone(portrait(photo, eyes, random.Random(1)))

    def test_a_scene_is_a_square_and_the_same_for_the_same_chance(self) -> None:
        photo = noise.integers(0, 256, (300, 517, 3), np.uint8)
        first, second = (scene(photo, random.Random(3)) for _ in range(2))
        self.assertEqual(first.shape, (SIDE, SIDE, 3))
        np.testing.assert_array_equal(first, second)

    def test_the_largest_face_is_taken(self) -> None:
        rows = np.zeros((2, 15), np.float32)
        rows[0, 3], rows[1, 3] = 50, 90
        self.assertEqual(largest_face(rows).height, 90)
        self.assertIsNone(largest_face(rows[:0]))

    def test_scenes_stand_between_people(self) -> None:
        self.assertEqual(interleaved(list("abcdefg"), list("12345")), list("abc1def2g"))

    def test_progress_tells_what_one_pair_takes(self) -> None:
        made = Progress(30, 10)
        self.assertEqual([index for index in range(30) if made.pauses(index)], [24, 29])
        self.assertRegex(made.line(24), r"^25 of 30 pairs, [0-9.]+ s each$")


if __name__ == "__main__":
    unittest.main()
