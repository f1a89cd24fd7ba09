import Album
import Devices
import Imaging

/// A picture that could not be written when it was made.
enum UnsavedPicture: Sendable {
    case photo([UInt8], style: String, taken: ShotTime)
    case anime([UInt8], PaintingJob)
}

extension Booth {
    /// How long the light is on before the frame that is kept: cameras need some frames to get used to it.
    static var lightLead: Duration { .milliseconds(300) }

    func watchButton() -> Task<Void, Never> {
        let gestures = equipment.button.gestures(clock: clock)
        return Task { [log, name = equipment.button.name] in
            for await gesture in gestures {
                switch gesture {
                case .press(let time): post(.press(at: time))
                case .doublePress: post(.doublePress)
                case .holdBegan: post(.holdProgressed(0))
                case .holdProgressed(let progress): post(.holdProgressed(progress))
                case .holdCompleted: post(.holdCompleted)
                case .holdCancelled: post(.holdCancelled)
                }
            }
            if !Task.isCancelled { log.warning("the button (\(name)) gives no more presses") }
        }
    }

    func watchCamera() -> Task<Void, Never> {
        let frames = equipment.camera.frames()
        return Task {
            for await event in frames { take(event) }
        }
    }

    private func take(_ event: CameraEvent) {
        picker.add(event)
        switch event {
        case .frame(let frame):
            lastFrame = frame.time
            if !picker.isWarmingUp, state.faults.contains(.camera) { post(.faultWent(.camera)) }
        case .lost(let reason):
            cameraLosses += 1
            log.warning("camera \(equipment.camera.name): \(reason)")
            post(.faultCame(.camera))
        case .recovered: log.notice("camera \(equipment.camera.name): back")
        }
    }

    /// Beats once a second and then asks for the picture.
    func startCountdown() {
        let seconds = state.countdown
        isCounted = true
        let usesLight = options.flashUse == .light
        if !usesLight { buzz() }
        countdown = Task { [clock, queue] in
            let start = clock.time
            for second in 1..<max(seconds, 1) {
                guard await Self.sleep(until: start + .seconds(second), clock) else { return }
                queue.yield(.event(.beat))
                if !usesLight { buzz() }
            }
            let end = start + .seconds(seconds)
            if usesLight {
                guard await Self.sleep(until: end - Self.lightLead, clock) else { return }
                switchFlash(true)
            }
            guard await Self.sleep(until: end, clock) else { return }
            queue.yield(.event(.countdownEnded(at: clock.time)))
        }
    }

    private static func sleep(until time: Duration, _ clock: any DeviceClock) async -> Bool {
        (try? await clock.sleep(until: DeviceInstant(time), tolerance: nil)) != nil
    }

    private func buzz() {
        switchFlash(true)
        Task { [clock] in
            try? await clock.sleep(for: .milliseconds(60))
            switchFlash(false)
        }
    }

    func switchFlash(_ isOn: Bool) {
        do throws(DeviceError) {
            try equipment.flash?.set(isOn)
        } catch {
            log.warning("\(error)")
        }
    }

    /// Takes the picture of the first press.
    func startShot() {
        guard let press = state.presses.first else { return post(.shotFailed) }
        let seen = clock.time
        // A style that somebody brought may be gone.
        if !painter.knows(style: style), let first = painter.styles.first { style = first }
        let style = styleWishes.removeValue(forKey: press) ?? style
        let wasCounted = isCounted
        isCounted = false
        switch (equipment.flash, options.flashUse) {
        case (.some, .light): switchFlash(true)
        case (.some, .buzzer): buzz()
        case (nil, _): break
        }
        // Without a countdown the light comes on with the press: the picture waits for it.
        let waitsForLight = equipment.flash != nil && options.flashUse == .light && !wasCounted
        let moment = waitsForLight ? press + Self.lightLead : press
        shot = Task {
            await takeShot(at: moment, press: press, seen: seen, style: style)
        }
    }

    private func takeShot(at moment: Duration, press: Duration, seen: Duration, style: String) async {
        guard let album else { return fail(.album, "the album is not open") }
        // Room is made while the camera still delivers frames of the moment.
        async let room = Self.makeRoom(in: album)
        let jpeg = await pickFrame(at: moment)
        if equipment.flash != nil, options.flashUse == .light { switchFlash(false) }
        if let error = await room { return fail(error) }
        guard let jpeg else {
            log.warning("no frame of the moment of the press")
            return post(.shotFailed)
        }
        let taken = ShotTime.now()
        do throws(AlbumError) {
            let picture = try await album.savePhoto(jpeg, style: style, taken: taken)
            let now = clock.time
            lastShot = BoothHealth.Shot(number: picture.number, pressToLamp: seen - press, pressToSaved: now - press)
            log.info(
                "\(picture.label): saved \((now - press).milliseconds) ms after the press, lamp after \((seen - press).milliseconds) ms"
            )
            accept(picture, style: style)
            post(.shotSaved)
        } catch {
            // It is in hand: it is written as soon as that is possible.
            if error.kind != .invalid { unsaved.append(.photo(jpeg, style: style, taken: taken)) }
            fail(error)
        }
    }

    /// A photo is on the disk.
    func accept(_ picture: Picture, style: String) {
        news.send(.photoSaved(picture))
        fresh.append(PaintingJob(number: picture.number, style: style))
        unpreviewed.append(picture.number)
    }

    private static func makeRoom(in album: Album) async -> AlbumError? {
        do throws(AlbumError) {
            try await album.makeRoom()
            return nil
        } catch {
            return error
        }
    }

    /// Waits until no better frame can come, and chooses.
    private func pickFrame(at moment: Duration) async -> [UInt8]? {
        while !picker.isComplete(pressedAt: moment, now: clock.time) {
            guard (try? await clock.sleep(for: .milliseconds(20))) != nil else { break }
        }
        let picker = picker
        return await Task.detached(priority: .userInitiated) {
            try? picker.pick(pressedAt: moment)?.jpeg()
        }.value
    }

    private func fail(_ error: AlbumError) {
        fail(error.kind == .full ? .disk : .album, error.description)
    }

    private func fail(_ fault: BoothState.Fault, _ reason: String) {
        log.error("\(reason)")
        post(.faultCame(fault))
        post(.shotFailed)
    }
}
