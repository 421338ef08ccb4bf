/**
 * Vertices of the face model for the 68 points of 300-W, point 0 at the left of the image of a frontal face: the vertices of its mean
 * face nearest to those that ICT-FaceKit names for them on its own mesh. They lie 0 to 5 mm from those (2 mm in the mean), most at the
 * lips, where the decimated mesh is coarse; points of the inner lips 60 and 64 to 67 lie at the lips, which do not part. The jaw is that of the head
 * in space: on a turned face it is not the contour that 300-W annotates.
 *
 * Source: ICT-FaceKit, README, "Multi-PIE 68 point facial landmarks".
 */
export const facePoints68: readonly number[] = [
  471, 759, 181, 138, 682, 659, 299, 565, 375, 1480, 1217, 1572, 1591, 1052, 1094, 1667, 1384, 392, 395, 773, 831, 811,
  1454, 1736, 1681, 1304, 1301, 386, 1844, 2026, 1989, 429, 846, 2, 1746, 1341, 612, 4635, 4627, 229, 608, 606, 1812,
  4350, 4358, 1525, 1527, 1521, 2296, 2301, 843, 2282, 2481, 2398, 2393, 2438, 2476, 2357, 2377, 2340, 2290, 2313, 2283,
  2410, 2387, 2406, 2283, 2309,
];
