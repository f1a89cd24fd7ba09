import Glibc

/// What is in folders.
package enum Folder {
    /// What a folder says about something in it.
    package struct Entry: Equatable, Sendable {
        /// The name; bytes that are no UTF-8 are replaced.
        package let name: String
        /// Whether it is a plain file, not a folder or a link. File systems that do not say count as plain.
        package let isFile: Bool
    }

    /// Visits everything in a folder, in no order, without "." and "..".
    ///
    /// - Throws: Why the folder cannot be read.
    package static func visit(_ path: String, _ visit: (Entry) -> Void) throws(SystemError) {
        guard let stream = opendir(path) else { throw .last }
        defer { closedir(stream) }
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                if errno != 0 { throw .last }
                return
            }
            let name = String(cArray: entry.pointee.d_name)
            if name == "." || name == ".." { continue }
            let type = Int32(entry.pointee.d_type)
            visit(Entry(name: name, isFile: type == Int32(DT_REG) || type == Int32(DT_UNKNOWN)))
        }
    }

    /// The names of everything in a folder but hidden entries, sorted.
    ///
    /// - Throws: Why the folder cannot be read.
    package static func names(in path: String) throws(SystemError) -> [String] {
        var names: [String] = []
        try visit(path) { entry in
            if !entry.name.hasPrefix(".") { names.append(entry.name) }
        }
        return names.sorted()
    }
}
