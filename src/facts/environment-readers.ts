/** Who gives a variable that the image brings (`ENV`). */
export const IMAGE_READER = "the image";
/** Who gives a variable that a start script exports. */
export const SCRIPT_READER = "the start script";
