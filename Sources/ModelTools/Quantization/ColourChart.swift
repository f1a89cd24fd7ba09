extension CalibrationPicture {
    /// Patches of pure colours, which photos rarely hold but pictures that are painted may: without them the ranges of the
    /// first layers end at the strongest colours of the calibration photos.
    static var colourChart: CalibrationPicture? {
        let levels: [UInt8] = [0, 128, 255]
        let colours = levels.flatMap { red in levels.flatMap { green in levels.map { blue in [red, green, blue] } } }
        let patch = 24
        let columns = 7
        let rows = (colours.count + columns - 1) / columns
        var rgb: [UInt8] = []
        for y in 0..<rows * patch {
            for x in 0..<columns * patch {
                // Neighbours in the list share two levels; a stride of 10 sets unlike colours side by side.
                rgb += colours[(y / patch * columns + x / patch) * 10 % colours.count]
            }
        }
        return CalibrationPicture(width: columns * patch, height: rows * patch, rgb: rgb)
    }
}
