// A ravine: flat along its valley, steep across it, and turned against the axes of the parameters.

/** Turn a vector of two numbers against the clock. */
export function turned([x, y], degrees) {
  const angle = (degrees * Math.PI) / 180;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return [c * x - s * y, s * x + c * y];
}

/** The gradient of the ravine with curvature 1 along the valley and `steep` across it. */
export const ravineGradient = (steep, degrees) => (place) => {
  const [along, across] = turned(place, -degrees);
  return turned([along, steep * across], degrees);
};

/** How far a place is from the bottom, at zero. */
export const distance = (place) => Math.hypot(...place);
