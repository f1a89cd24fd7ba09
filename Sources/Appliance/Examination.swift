import Album
import Booth
import Devices
import Engine
import Glibc
import Painting

/// Looks at everything that the appliance needs, and changes nothing.
package struct Examination: Sendable {
    let settings: Settings
    let machine: Machine

    /// An examination of what the settings name.
    package init(settings: Settings, machine: Machine) {
        self.settings = settings
        self.machine = machine
    }

    /// What there is to say, from the board to the clock.
    package func findings() async -> [Finding] {
        var findings = board() + processor() + memory() + (await models())
        findings += line("button", settings.button) + line("lamp", settings.lamp)
        if let flash = settings.flash { findings.append(line("flash", flash)) }
        findings += await cameras()
        findings.append(stream())
        findings += await album()
        findings.append(web())
        if settings.isWebEnabled { findings.append(codes()) }
        findings.append(clock())
        return findings
    }

    private func board() -> [Finding] {
        let model = machine.model.map { ": it calls itself '\($0)'" } ?? ": no device tree names the machine"
        var findings = [Finding("board", "profile '\(settings.profile.name)'\(model)")]
        if let temperature = machine.temperature {
            let isHot = temperature >= 80
            let advice = isHot ? "; it slows down at 80: give it air" : ""
            findings.append(Finding("temperature", isHot ? .warning : .good, "\(temperature.fixed(1)) C\(advice)"))
        }
        for complaint in machine.throttlingWords {
            findings.append(Finding("power", .warning, "\(complaint): use a better power supply, or cool the board"))
        }
        return findings
    }

    private func processor() -> [Finding] {
        let sets = InstructionSet.available.map(\.name).joined(separator: ", ")
        let cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        return [
            Finding(
                "processor",
                "\(cores) cores, \(settings.threads) threads paint; kernels '\(InstructionSet.best)' (it can run \(sets))"
            )
        ]
    }

    private func memory() -> [Finding] {
        guard let all = machine.memory, let free = machine.freeMemory else { return [] }
        var text = "\(free >> 20) MB free of \(all >> 20)"
        if let contiguous = machine.contiguousMemory, let rest = machine.freeContiguousMemory {
            text += ", contiguous \(rest >> 20) of \(contiguous >> 20)"
        }
        let isLow = free < 64 << 20
        return [Finding("memory", isLow ? .warning : .good, text + (isLow ? "; stop other programs" : ""))]
    }

    private func models() async -> [Finding] {
        var complaints: [Finding] = []
        do {
            let known = BoardSpeed(settings, machine).known
            let painter = try Assembly.painter(settings, speed: known) {
                complaints.append(Finding("model", .warning, $0))
            }
            complaints += await broughtModels(painter)
            let size = await size(painter, known)
            let model = try ModelFile(path: painter.firstPath)
            var findings = [
                Finding("model", "\(model.path), checksum \(model.checksum): \(model.graph.title)"),
                Finding("styles", "\(painter.styles.joined(separator: ", ")); \(painter.firstStyle) comes first"),
            ]
            findings += size
            findings += [faces(), enlarging(model), painting(model)]
            return findings + complaints
        } catch {
            return [Finding("model", .problem, "\(error)")] + complaints
        }
    }

    /// The size that paints and why. The speed is measured if it is not known, and not kept.
    private func size(_ painter: ModelPainter, _ known: PaintingSpeed?) async -> [Finding] {
        var findings: [Finding] = []
        do {
            let speed: PaintingSpeed
            if let known { speed = known } else { speed = try await painter.measureSpeed() }
            painter.setSpeed(speed)
            if let words = SizeWords(painter, settings, speed) {
                let note = known == nil && settings.modelSize == nil ? "; 'run' measures again and keeps it" : ""
                findings.append(Finding("size", .good, words.text + note))
            }
        } catch {
            findings.append(Finding("size", .warning, "\(error)"))
        }
        if let complaint = painter.complaintAboutSize(settings) {
            findings.append(Finding("size", .warning, complaint))
        }
        return findings
    }

    /// What is wrong with the models that people brought.
    private func broughtModels(_ painter: ModelPainter) async -> [Finding] {
        let folder = ModelFolder(
            path: settings.broughtModelsFolder, painter: painter, options: settings.painterOptions)
        // The first look only sees the files.
        let changes = await folder.look() + folder.look()
        return changes.compactMap { change in
            if case .refused(_, let reason) = change { Finding("model", .warning, reason) } else { nil }
        }
    }

    private func line(_ subject: String, _ choice: Settings.ButtonChoice) -> [Finding] {
        switch choice {
        case .line(let address): [line(subject, address)]
        case .keyboard: [Finding(subject, "the keyboard: space or enter")]
        case .none: [Finding(subject, .warning, "none: nobody can press it")]
        }
    }

    private func line(_ subject: String, _ choice: Settings.LampChoice) -> [Finding] {
        switch choice {
        case .line(let address): [line(subject, address)]
        case .terminal: [Finding(subject, "words on the terminal")]
        case .none: [Finding(subject, "none")]
        }
    }

    private func line(_ subject: String, _ address: GPIOAddress) -> Finding {
        do {
            let version = try GPIO.libraryVersion()
            let line = try GPIO.line(at: address)
            let place = "line \(line.number)\(line.name.isEmpty ? "" : " (\(line.name))") of \(line.chip.label)"
            switch line.consumer {
            case nil: return Finding(subject, "\(place) is free; libgpiod \(version)")
            case "animesnap": return Finding(subject, .warning, "\(place) is held by animesnap, which runs already")
            case .some(let holder):
                let name = holder.isEmpty ? "a driver or another program" : "'\(holder)'"
                return Finding(subject, .problem, "\(place) is held by \(name): stop that, or use another line")
            }
        } catch {
            return Finding(subject, .problem, "\(error)")
        }
    }

    private func cameras() async -> [Finding] {
        let found = await Assembly.finder(settings).find(settings.camera)
        return found.candidates.map { candidate in
            Finding("camera \(candidate.name)", "\(candidate.isAccepted ? "taken" : "refused"): \(candidate.reason)")
        }
    }

    private func album() async -> [Finding] {
        let folder = settings.albumFolder
        guard access(folder, F_OK) == 0 else {
            return [Finding("album", "\(folder) is not there yet: it is made at the start")]
        }
        guard access(folder, W_OK) == 0 else {
            return [Finding("album", .problem, "\(folder) cannot be written to by this user")]
        }
        do {
            let album = try await Album(
                folder: folder, options: Assembly.albumOptions(settings), access: .readOnly)
            let (count, pending, free) = (await album.count, await album.pending.count, try await album.freeBytes())
            let text = "\(folder), \(count) pictures, \(pending) to be painted, \(free >> 20) MB free"
            guard free > settings.leastFreeBytes else {
                return [
                    Finding(
                        "album", .problem,
                        "\(text), of which \(settings.leastFreeBytes >> 20) MB must stay free: export and delete pictures"
                    )
                ]
            }
            return [Finding("album", text)]
        } catch {
            return [Finding("album", .problem, "\(error)")]
        }
    }

    private func clock() -> Finding {
        ClockTrust.isSynchronized
            ? Finding("clock", "set by the network")
            : Finding(
                "clock", "nothing keeps it right: times of pictures are marked as not trusted, numbers stay in order")
    }
}
