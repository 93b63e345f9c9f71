// A ravine: flat along its valley, steep across it, and turned against the axes of the parameters.

function turner(degrees) {
  const angle = (degrees * Math.PI) / 180;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return ([x, y]) => [c * x - s * y, s * x + c * y];
}

/** Turn a vector of two numbers against the clock. */
export const turned = (vector, degrees) => turner(degrees)(vector);

/** The gradient of the ravine with curvature 1 along the valley and `steep` across it. */
export function ravineGradient(steep, degrees) {
  const [forth, back] = [turner(degrees), turner(-degrees)];
  return (place) => {
    const [along, across] = back(place);
    return forth([along, steep * across]);
  };
}

/** How far a place is from the bottom, at zero. */
export const distance = (place) => Math.hypot(...place);
