import Capture
import Model
import Testing

@Suite struct PcapngFileTests {
    @Test(arguments: [false, true]) func readsAllKindsOfBlocks(bigEndian: Bool) throws {
        var file = CaptureBytes(bigEndian: bigEndian)
        file.section(options: [(4, Array("test".utf8))])
        file.interface(snapLength: 4, options: [(2, Array("eth0".utf8)), (9, [9])])
        file.interface(linkType: 113, options: [(2, Array("any".utf8))])
        file.block(5) { $0.append(UInt32(0), UInt32(0), UInt32(0)) }  // interface statistics
        file.block(4) { $0.append(UInt32(0)) }  // name resolution
        file.block(0x0BAD) { $0.append(UInt32(1), UInt32(2), UInt32(3)) }
        file.enhanced(0, units: 1_700_000_000_123_456_789, frame: [1, 2, 3], wireLength: 9)
        file.enhanced(1, units: 1_700_000_001_000_000, frame: [4])
        file.block(2) {  // the obsolete packet block
            $0.append(UInt16(1), UInt16(0))
            $0.append(UInt32(1_700_000_002_000_000 >> 32), UInt32(truncatingIfNeeded: 1_700_000_002_000_000))
            $0.append(UInt32(2), UInt32(2))
            $0.bytes += [5, 6]
        }
        file.block(3) {  // a simple packet: of interface 0, cut to its snap length of 4
            $0.append(UInt32(6))
            $0.bytes += [7, 8, 9, 10]
        }
        let reading = try Reading(file.bytes)
        #expect(reading.error == nil)
        #expect(
            reading.frames == [
                .init(
                    bytes: [1, 2, 3], nanoseconds: 1_700_000_000_123_456_789, wireLength: 9, interface: 0,
                    linkType: .ethernet),
                .init(
                    bytes: [4], nanoseconds: 1_700_000_001_000_000_000, wireLength: 1, interface: 1,
                    linkType: .linuxSLL),
                .init(
                    bytes: [5, 6], nanoseconds: 1_700_000_002_000_000_000, wireLength: 2, interface: 1,
                    linkType: .linuxSLL),
                .init(
                    bytes: [7, 8, 9, 10], nanoseconds: 1_700_000_002_000_000_000, wireLength: 6, interface: 0,
                    linkType: .ethernet),
            ])
        #expect(reading.interfaces.map(\.name) == ["eth0", "any"])
        #expect(reading.interfaces.map(\.snapLength) == [4, 0])
        #expect(reading.framesCut == 2)
        #expect(reading.bytesRead == UInt64(file.bytes.count))
    }

    struct Resolution: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let octet: UInt8
        let units: UInt64
        var offset: Int64?
        let nanoseconds: Int64
    }

    @Test(arguments: [
        Resolution(testDescription: "seconds", octet: 0, units: 5, nanoseconds: 5_000_000_000),
        Resolution(testDescription: "milliseconds", octet: 3, units: 5, nanoseconds: 5_000_000),
        Resolution(
            testDescription: "microseconds", octet: 6, units: 1_700_000_000_000_001,
            nanoseconds: 1_700_000_000_000_001_000),
        Resolution(
            testDescription: "nanoseconds", octet: 9, units: 1_700_000_000_000_000_001,
            nanoseconds: 1_700_000_000_000_000_001),
        Resolution(testDescription: "picoseconds", octet: 12, units: 1_234_567, nanoseconds: 1_234),
        Resolution(testDescription: "finer than any time", octet: 100, units: .max, nanoseconds: 0),
        Resolution(testDescription: "finest decimal that divides", octet: 28, units: .max, nanoseconds: 1),
        Resolution(testDescription: "units of 1/1024 s", octet: 0x8A, units: 1536, nanoseconds: 1_500_000_000),
        Resolution(testDescription: "units of 2^-32 s", octet: 0xA0, units: 3 << 31, nanoseconds: 1_500_000_000),
        Resolution(testDescription: "units of 2^-127 s", octet: 0xFF, units: .max, nanoseconds: 0),
        Resolution(testDescription: "after 2262", octet: 0, units: .max, nanoseconds: .max),
        Resolution(testDescription: "after 2262, exactly one nanosecond", octet: 9, units: 1 << 63, nanoseconds: .max),
        Resolution(testDescription: "after 2262, binary", octet: 0x80, units: .max, nanoseconds: .max),
        Resolution(testDescription: "an offset", octet: 6, units: 5, offset: 1_000, nanoseconds: 1_000_000_005_000),
        Resolution(testDescription: "before 1970", octet: 9, units: 5, offset: -2, nanoseconds: -1_999_999_995),
        Resolution(testDescription: "before 1677", octet: 9, units: 5, offset: .min, nanoseconds: .min),
        Resolution(testDescription: "an offset beyond 2262", octet: 0, units: .max, offset: .max, nanoseconds: .max),
        Resolution(
            testDescription: "an offset that brings it back", octet: 0, units: 10_000_000_000, offset: -9_999_999_999,
            nanoseconds: 1_000_000_000),
    ])
    func times(_ row: Resolution) throws {
        for bigEndian in [false, true] {
            var file = CaptureBytes(bigEndian: bigEndian)
            file.section()
            var options: [(UInt16, [UInt8])] = [(9, [row.octet])]
            if let offset = row.offset { options.append((14, file.value(offset))) }
            file.interface(options: options)
            file.enhanced(units: row.units, frame: [1])
            #expect(try Reading(file.bytes).times == [row.nanoseconds])
        }
    }

    /// Sections of different byte orders; numbers begin anew, and the same interface keeps its identity.
    @Test func readsSectionAfterSection() throws {
        var little = CaptureBytes()
        little.section()
        little.interface(options: [(2, Array("lo".utf8))])
        little.interface(options: [(2, Array("eth0".utf8))])
        little.enhanced(1, units: 1, frame: [1])
        var big = CaptureBytes(bigEndian: true)
        big.section()
        big.interface(linkType: 101, options: [(2, Array("tun0".utf8))])
        big.enhanced(0, units: 2, frame: [2])
        let reading = try Reading(little.bytes + big.bytes + little.bytes)
        #expect(reading.error == nil)
        #expect(reading.contents == [[1], [2], [1]])
        #expect(reading.frames.map(\.interface) == [1, 2, 1])
        #expect(reading.interfaces.map(\.name) == ["lo", "eth0", "tun0"])
        #expect(reading.frames.map(\.linkType) == [.ethernet, .raw, .ethernet])
    }

    @Test func passesOverUnsupportedInterfacesAmongOthers() throws {
        var file = CaptureBytes()
        file.section()
        file.interface(linkType: 105)
        file.interface()
        file.enhanced(0, units: 1, frame: [1])
        file.enhanced(1, units: 2, frame: [2])
        file.enhanced(0, units: 3, frame: [3])
        let reading = try Reading(file.bytes)
        #expect(reading.error == nil)
        #expect(reading.contents == [[2]])
        #expect(reading.framesUnsupported == 2)
        #expect(reading.records == 3)
        #expect(reading.interfaces.map(\.linkTypeNumber) == [105, 1])
        #expect(reading.interfaces.map(\.framesUnsupported) == [2, 0])
    }

    @Test func refusesAFileOfUnsupportedInterfacesAlone() throws {
        var file = CaptureBytes()
        file.section()
        file.interface(linkType: 105)
        #expect(try Reading(file.bytes).error == nil)
        file.enhanced(0, units: 1, frame: [1])
        let error = try #require(try Reading(file.bytes).error)
        #expect(error == .unsupportedLinkType(source: "test", number: 105))
        #expect(String(describing: error).hasPrefix("test: link type 105 (IEEE802_11, 802.11) is not supported"))
    }

    @Test(arguments: [false, true]) func cutAtEveryByte(bigEndian: Bool) throws {
        var file = CaptureBytes(bigEndian: bigEndian)
        var ends: [Int] = []
        file.section(options: [(4, Array("x".utf8))])
        ends.append(file.bytes.count)
        file.interface(options: [(9, [9])])
        ends.append(file.bytes.count)
        file.block(0x0BAD) { $0.append(UInt32(1), UInt32(2)) }
        ends.append(file.bytes.count)
        for number in 1...2 {
            file.enhanced(units: 1, frame: [UInt8](repeating: 1, count: 3 * number))
            ends.append(file.bytes.count)
        }
        for length in 4..<file.bytes.count {
            let reading = try Reading(Array(file.bytes[..<length]))
            let start = ends.last { $0 <= length } ?? 0
            #expect(reading.frames.count == max(0, ends.filter { $0 <= length }.count - 3), "cut to \(length) bytes")
            guard start < length else {
                #expect(reading.error == nil)
                continue
            }
            guard case .damaged(_, let offset, .blockCut(_, let left))? = reading.error else {
                Issue.record("cut to \(length) bytes: \(String(describing: reading.error))")
                continue
            }
            #expect(offset == UInt64(start))
            #expect(left == length - start)
        }
    }

    struct Broken: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// Appended to a section, an interface and one good frame, which are 88 bytes.
        let build: @Sendable (inout CaptureBytes) -> Void
        let damage: Damage
    }

    @Test(arguments: [
        Broken(
            testDescription: "a block of no length", build: { $0.append(UInt32(6), UInt32(0), UInt32(0), UInt32(0)) },
            damage: .blockLength(claims: 0, least: 32)),
        Broken(
            testDescription: "an unknown block of no length", build: { $0.append(UInt32(99), UInt32(0)) },
            damage: .blockLength(claims: 0, least: 12)),
        Broken(
            testDescription: "a length that is no multiple of four",
            build: { $0.append(UInt32(99), UInt32(14), UInt32(0), UInt32(14)) },
            damage: .blockLength(claims: 14, least: 12)),
        Broken(
            testDescription: "too short for its type", build: { $0.append(UInt32(6), UInt32(28)) },
            damage: .blockLength(claims: 28, least: 32)),
        Broken(
            testDescription: "longer than any block", build: { $0.append(UInt32(6), UInt32(0xFFFF_FFFC)) },
            damage: .blockTooLong(claims: 0xFFFF_FFFC, limit: 16 << 20)),
        Broken(
            testDescription: "lengths that differ",
            build: { $0.append(UInt32(1), UInt32(20), UInt32(1), UInt32(0), UInt32(24)) },
            damage: .blockLengthsDiffer(leading: 20, trailing: 24)),
        Broken(
            testDescription: "lengths of an unknown block that differ",
            build: { $0.append(UInt32(99), UInt32(16), UInt32(0), UInt32(0)) },
            damage: .blockLengthsDiffer(leading: 16, trailing: 0)),
        Broken(
            testDescription: "an unknown block longer than the file",
            build: { $0.append(UInt32(99), UInt32(0xFFFF_FFF0), UInt32(0)) },
            damage: .blockCut(claims: 0xFFFF_FFF0, left: 12)),
        Broken(
            testDescription: "a frame beyond its block",
            build: { $0.block(6) { $0.append(UInt32(0), UInt32(0), UInt32(0), UInt32(40), UInt32(40), UInt32(0)) } },
            damage: .frameBeyondBlock(claims: 40, left: 4)),
        Broken(
            testDescription: "a frame longer than any",
            build: { $0.block(6) { $0.append(UInt32(0), UInt32(0), UInt32(0), UInt32.max, UInt32.max) } },
            damage: .frameTooLong(claims: 0xFFFF_FFFF, limit: 262_144)),
        Broken(
            testDescription: "a simple packet beyond its block",
            build: { $0.block(3) { $0.append(UInt32(9), UInt32(0)) } },
            damage: .frameBeyondBlock(claims: 9, left: 4)),
        Broken(
            testDescription: "an unknown interface", build: { $0.enhanced(1, units: 0, frame: []) },
            damage: .unknownInterface(number: 1, known: 1)),
        Broken(
            testDescription: "an option beyond its block",
            build: { $0.block(1) { $0.append(UInt32(1), UInt32(0), UInt32(2 | 400 << 16), UInt32(0)) } },
            damage: .optionBeyondBlock(code: 2, claims: 400, left: 4)),
        Broken(
            testDescription: "a resolution of two bytes",
            build: { $0.block(1) { $0.append(UInt32(1), UInt32(0), UInt32(9 | 2 << 16), UInt32(0)) } },
            damage: .optionLength(code: 9, claims: 2, needs: 1)),
        Broken(
            testDescription: "an offset of four bytes",
            build: { $0.block(1) { $0.append(UInt32(1), UInt32(0), UInt32(14 | 4 << 16), UInt32(0)) } },
            damage: .optionLength(code: 14, claims: 4, needs: 8)),
        Broken(
            testDescription: "a section of no byte order",
            build: { $0.append(UInt32(0x0A0D_0D0A), UInt32(28), UInt32(0x1122_3344)) },
            damage: .byteOrderMagic(0x1122_3344)),
    ])
    func damageIsNamedWithItsOffset(_ row: Broken) throws {
        var file = CaptureBytes()
        file.section()
        file.interface()
        file.enhanced(units: 1, frame: [1, 2, 3, 4])
        let offset = UInt64(file.bytes.count)
        row.build(&file)
        let reading = try Reading(file.bytes)
        #expect(reading.contents == [[1, 2, 3, 4]])
        #expect(reading.error == .damaged(file: "test", offset: offset, row.damage))
        #expect(String(describing: try #require(reading.error)).contains("byte \(offset)"))
    }

    @Test func interfacesAreBounded() throws {
        var file = CaptureBytes()
        file.section()
        for _ in 0..<4097 { file.interface() }
        let error = try #require(try Reading(file.bytes).error)
        #expect(error == .damaged(file: "test", offset: 28 + 4096 * 20, .tooManyInterfaces(limit: 4096)))
    }

    /// Passed over without being held: longer than the longest block that is.
    @Test func passesOverAHugeUnknownBlock() throws {
        var file = CaptureBytes()
        file.section()
        file.interface()
        file.block(0x0BAD) { $0.bytes = [UInt8](repeating: 0xAA, count: 17 << 20) }
        file.enhanced(units: 1, frame: [1])
        let reading = try Reading(file.bytes)
        #expect(reading.error == nil)
        #expect(reading.contents == [[1]])
    }

    /// Whatever single word is overwritten by whatever hostile number, reading ends, and ends with the file or an error.
    @Test(arguments: [false, true]) func noDamagedWordTraps(bigEndian: Bool) throws {
        var file = CaptureBytes(bigEndian: bigEndian)
        file.section(options: [(4, Array("test".utf8))])
        file.interface(snapLength: 96, options: [(2, Array("eth0".utf8)), (9, [9]), (14, file.value(Int64(-5)))])
        file.block(0x0BAD) { $0.append(UInt32(1), UInt32(2), UInt32(3)) }
        file.enhanced(units: 1, frame: [1, 2, 3])
        file.block(3) { $0.append(UInt32(2), UInt32(0)) }
        file.block(2) { $0.append(UInt32(0), UInt32(0), UInt32(1), UInt32(4), UInt32(4), UInt32(7)) }
        file.section()
        file.interface(linkType: 101)
        file.enhanced(units: .max, frame: [4])
        #expect(try Reading(file.bytes).frames.count == 4)
        for position in stride(from: 0, to: file.bytes.count - 3, by: 2) {
            for word in [0, 1, 3, 4, 0x7F, 0xFF, 0xFFFC, 0x0A0D_0D0A, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFC, .max]
                as [UInt32]
            {
                var bytes = file.bytes
                withUnsafeBytes(of: bigEndian ? word.bigEndian : word.littleEndian) {
                    bytes.replaceSubrange(position..<position + 4, with: $0)
                }
                let reading = try? Reading(bytes)
                // A block that was none may become a frame.
                #expect((reading?.records ?? 0) <= 5)
            }
        }
    }
}
