// Which file of a picture to show where. Small versions are null until they are made.

/** The smallest file that is good enough for a tile. */
export function tileFile(picture, style) {
  const anime = animeOf(picture, style);
  return { photo: picture.photo.thumb ?? picture.photo.preview ?? picture.photo.file, anime: anime?.thumb ?? null };
}

/** The files for a large view. */
export function viewFile(picture, style) {
  const anime = animeOf(picture, style);
  return { photo: picture.photo.preview ?? picture.photo.file, anime: anime ? (anime.preview ?? anime.file) : null };
}

/** The anime picture of a style; without a style the one that was made last. */
export function animeOf(picture, style) {
  return style ? picture.anime.find((anime) => anime.style === style) : picture.anime.at(-1);
}
