import Album
import Booth
import Devices
import Logging
import Painting

/// Puts the appliance together from its settings.
package enum Assembly {
    /// Takes the devices that the settings name.
    ///
    /// - Throws: `DeviceError` when a line or the terminal cannot be taken.
    static func equipment(_ settings: Settings, _ log: Logger) async throws -> BoothEquipment {
        log.notice("board: \(settings.profile.name)")
        let button = try button(settings, log)
        let lamp = try lamp(settings, log)
        let flash = try settings.flash.map { try GPIOOutput($0, isActiveLow: settings.isFlashActiveLow) }
        let camera = await camera(settings, log)
        return BoothEquipment(button: button, lamp: lamp, camera: camera, flash: flash)
    }

    /// The booth with its devices; it does nothing before it is run.
    static func booth(
        _ equipment: BoothEquipment, _ settings: Settings, _ painter: ModelPainter, _ machine: Machine,
        _ environment: [String: String], _ log: Logger
    ) -> Booth {
        var options = settings.boothOptions
        options.style = painter.firstStyle
        log.notice("album: \(settings.albumFolder); styles: \(painter.styles.joined(separator: ", "))")
        let folder = settings.albumFolder
        let albumOptions = albumOptions(settings)
        return Booth(
            equipment, painter: painter, options: options, service: ServiceNotifier(environment: environment),
            machine: machine, log: log
        ) { () async throws(AlbumError) in try await Album(folder: folder, options: albumOptions) }
    }

    /// The painter of all styles that can be used now.
    ///
    /// A style that was chosen on the web pages and is gone does not keep the camera from starting.
    ///
    /// - Throws: A sentence when there is no such style.
    static func painter(
        _ settings: Settings, speed: PaintingSpeed?, tell: @escaping @Sendable (Painter.Report) -> Void = { _ in },
        complain: (String) -> Void
    ) throws -> ModelPainter {
        func painter(_ model: String) throws -> ModelPainter {
            var complaints: [String] = []
            defer { for complaint in complaints { complain(complaint) } }
            let painter = try ModelPainter(
                library: settings.library, broughtFolder: settings.broughtModelsFolder, model: model,
                options: settings.painterOptions, rule: settings.sizeRule(speed: speed), tell: tell,
                complain: { complaints.append($0) })
            for (style, set) in Dictionary(grouping: settings.styleSettings, by: \.style).sorted(by: { $0.key < $1.key }
            ) {
                if let drawn = painter.drawnStyle(style)?.ofFile {
                    painter.setDrawnStyle(set.applied(to: drawn, of: style), of: style)
                } else {
                    complaints.append(
                        "\(set[0].origin): there is no drawn style '\(style)', so \(set[0].name) changes nothing")
                }
            }
            return painter
        }
        do {
            return try painter(settings[.style])
        } catch {
            // Settings that name a style that has gone go on with the one that has its place.
            let origin = settings.entries.first { $0.key == .style }?.origin ?? ""
            if let successor = RetiredStyles.successor(of: settings[.style]), let made = try? painter(successor) {
                complain(
                    "\(origin): the style '\(settings[.style])' is not painted any more; '\(successor)' has its place")
                return made
            }
            guard settings.isChosen(.style) else { throw error }
            complain("\(error)")
            return try painter(SettingKey.style.standard)
        }
    }

    /// Measures how fast the board paints and keeps it, if that is to choose the size of models.
    ///
    /// It is called while the camera starts, before there is anything to paint.
    static func measureSpeed(
        _ settings: Settings, _ painter: ModelPainter, _ board: BoardSpeed, _ log: Logger
    ) async {
        if let complaint = painter.complaintAboutSize(settings) { log.warning("size: \(complaint)") }
        guard settings.modelSize == nil else { return }
        do {
            let known = board.known
            let speed: PaintingSpeed
            if let known { speed = known } else { speed = try await painter.measureSpeed() }
            painter.setSpeed(speed)
            if let words = SizeWords(painter, settings, speed) { log.notice("size: \(words.text)") }
            if known == nil { try board.keep(speed) }
        } catch {
            log.warning("size: \(error); it is measured again at the next start")
        }
    }

    /// Looks after the models that people bring, until the task is cancelled.
    static func watchModels(_ settings: Settings, _ painter: ModelPainter, _ log: Logger) async {
        let folder = ModelFolder(
            path: settings.broughtModelsFolder, painter: painter, options: settings.painterOptions)
        while !Task.isCancelled {
            for change in await folder.look() {
                switch change {
                case .added(let file, let style): log.notice("models: \(file) is the style \(style)")
                case .refused(_, let reason): log.warning("models: \(reason)")
                case .removed(let file, let style):
                    log.notice("models: \(file) is gone, and with it the style \(style)")
                }
            }
            try? await Task.sleep(for: .seconds(2))
        }
    }

    /// What the settings say about the album.
    package static func albumOptions(_ settings: Settings) -> Album.Options {
        Album.Options(mostPictures: settings.mostPictures, leastFreeBytes: settings.leastFreeBytes)
    }

    static func finder(_ settings: Settings) -> CameraFinder {
        var wanted = RpicamSettings()
        wanted.mode = settings.cameraMode
        return CameraFinder(settings: wanted)
    }

    private static func button(_ settings: Settings, _ log: Logger) throws -> any Button {
        switch settings.button {
        case .line(let address):
            let button = try GPIOButton(address, settings.buttonOptions)
            log.notice("button: \(button.name)")
            return button
        case .keyboard:
            log.notice("button: press space or enter; h holds it until the next key")
            return try KeyboardButton()
        case .none:
            log.notice("button: none")
            return VirtualButton()
        }
    }

    private static func lamp(_ settings: Settings, _ log: Logger) throws -> any Lamp {
        switch settings.lamp {
        case .line(let address):
            let line = try GPIOOutput(address, isActiveLow: settings.isLampActiveLow)
            log.notice("lamp: GPIO line \(address) of \(line.line.chip.label)")
            return LineLamp(line)
        case .terminal: return TerminalLamp()
        case .none: return VirtualLamp()
        }
    }

    private static func camera(_ settings: Settings, _ log: Logger) async -> any Camera {
        let found = await finder(settings).find(settings.camera)
        for candidate in found.candidates {
            log.notice("camera \(candidate.name): \(candidate.isAccepted ? "taken" : "refused"): \(candidate.reason)")
        }
        return found.camera
    }
}
