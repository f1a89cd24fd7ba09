import Album
import Devices
import Imaging

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
            if !picker.isWarmingUp, state.faults.contains(.camera) { handle(.faultWent(.camera)) }
        case .lost(let reason):
            cameraLosses += 1
            log.warning("camera \(equipment.camera.name): \(reason)")
            handle(.faultCame(.camera))
        case .recovered: log.notice("camera \(equipment.camera.name): back")
        }
    }

    /// Beats once a second and then asks for the picture.
    func startCountdown() {
        let seconds = state.beatsLeft ?? 0
        isCounted = true
        let usesLight = options.flashUse == .light
        if !usesLight { buzz() }
        countdown = Task { [clock] in
            let start = clock.time
            for second in 1..<max(seconds, 1) {
                guard await sleep(until: start + .seconds(second)) else { return }
                handle(.beat)
                if !usesLight { buzz() }
            }
            let end = start + .seconds(seconds)
            if usesLight {
                guard await sleep(until: end - Self.lightLead) else { return }
                switchFlash(true)
            }
            guard await sleep(until: end) else { return }
            handle(.countdownEnded(at: clock.time))
        }
    }

    /// - Returns: False when the task was cancelled, be it after the time was over: another countdown may run by then.
    private func sleep(until time: Duration) async -> Bool {
        try? await clock.sleep(until: DeviceInstant(time), tolerance: nil)
        return !Task.isCancelled
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
        let wished = press.wish.style.flatMap { painter.knows(style: $0) ? $0 : nil }
        let style = wished ?? style
        let wasCounted = isCounted
        isCounted = false
        switch (equipment.flash, options.flashUse) {
        case (.some, .light): switchFlash(true)
        case (.some, .buzzer): buzz()
        case (nil, _): break
        }
        // Without a countdown the light comes on with the press: the picture waits for it.
        let waitsForLight = equipment.flash != nil && options.flashUse == .light && !wasCounted
        let moment = waitsForLight ? press.time + Self.lightLead : press.time
        shot = Task {
            await takeShot(at: moment, press: press.time, seen: seen, style: style)
        }
    }

    private func takeShot(at moment: Duration, press: Duration, seen: Duration, style: String) async {
        guard let album else { return fail(.album, "the album is not open") }
        // Room is made while the camera still delivers frames of the moment.
        async let room = Self.makeRoom(in: album)
        let jpeg = await pickFrame(at: moment)
        if equipment.flash != nil, options.flashUse == .light { switchFlash(false) }
        let problem = await room
        guard let jpeg else {
            if let problem { return fail(problem) }
            log.warning("no frame of the moment of the press")
            return handle(.shotFailed)
        }
        let photo = TakenPhoto(jpeg, style: style, taken: ShotTime.now())
        if let problem { return keep(photo, problem) }
        do throws(AlbumError) {
            let (picture, style) = try await save(photo, in: album)
            let now = clock.time
            lastShot = BoothHealth.Shot(number: picture.number, pressToLamp: seen - press, pressToSaved: now - press)
            log.info(
                "\(picture.label): saved \((now - press).milliseconds) ms after the press, lamp after \((seen - press).milliseconds) ms"
            )
            accept(picture)
            handle(.shotSaved(.paint(PaintingJob(number: picture.number, style: style))))
        } catch {
            if error.kind == .invalid { fail(error) } else { keep(photo, error) }
        }
    }

    /// What is in hand is written as soon as that is possible.
    private func keep(_ photo: TakenPhoto, _ problem: AlbumError) {
        unsaved.append(.photo(photo))
        fail(problem)
    }

    /// A photo is on the disk.
    func accept(_ picture: Picture) {
        news.send(.photoSaved(picture))
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
        handle(.faultCame(fault))
        handle(.shotFailed)
    }
}
