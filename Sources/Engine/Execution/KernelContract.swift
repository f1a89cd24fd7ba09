import CKernels

/// What `CKernels.h` lets kernels read past the end of a row.
let kernelRowSlack = Int(CK_ROW_SLACK)
/// The pixels that a kernel may treat as one tile.
let kernelTilePixels = Int(CK_TILE_PIXELS)
