import Glibc

/// The folder of device files.
enum DeviceFolder {
    /// The paths of the files whose names are a prefix and a number, by number.
    static func files(prefix: String, in folder: String = "/dev") -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var numbers: [Int] = []
        while let entry = readdir(directory) {
            let name = text(entry.pointee.d_name)
            guard name.hasPrefix(prefix), let number = Int(name.dropFirst(prefix.count)), number >= 0 else { continue }
            numbers.append(number)
        }
        return numbers.sorted().map { "\(folder)/\(prefix)\($0)" }
    }
}
