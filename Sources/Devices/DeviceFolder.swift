import Platform

/// The folder of device files.
enum DeviceFolder {
    /// The paths of the files whose names are a prefix and a number, by number.
    static func files(prefix: String, in folder: String = "/dev") -> [String] {
        let names = (try? Folder.names(in: folder)) ?? []
        let numbers = names.filter { $0.hasPrefix(prefix) }.compactMap { Int($0.dropFirst(prefix.count)) }
        return numbers.filter { $0 >= 0 }.sorted().map { "\(folder)/\(prefix)\($0)" }
    }
}
