import Glibc

/// The part of a file or pipe that is in memory: a descriptor and one reused buffer, both owned.
///
///     stream  0 ........ offset ............................ end of stream
///     buffer      [ ···· start <── available ──> end ···· ]
///
/// Reading goes through read(2) into the same buffer, so a pipe and a file of any size cost the same flat memory;
/// a mapped file would save a copy and pay with SIGBUS when somebody truncates it underneath. The buffer grows only
/// when a single record needs more, never beyond what its caller asks `fill` for. No other type in this module
/// reads a file's bytes, and the pointers never leave this one.
///
/// Positions given to the loads count from `start`. They must lie inside `available`; beyond it they trap, so a
/// caller calls `fill` first.
@safe struct FileWindow: ~Copyable, @unchecked Sendable {
    // Sendable because the pointer and the descriptor have exactly one owner, this value, and it cannot be copied.

    /// Enough for a few hundred frames a call, and small enough to stay in a core's second-level cache.
    static let initialCapacity = 256 << 10

    /// What errors call the stream: the path, or "standard input".
    let name: String
    private let descriptor: CInt
    private let closesDescriptor: Bool
    private var storage: UnsafeMutableRawBufferPointer
    private var start = 0
    private var end = 0
    private var ended = false
    /// Bytes of the stream before `start`.
    private(set) var offset: UInt64 = 0

    init(descriptor: CInt, name: String, closesDescriptor: Bool, capacity: Int = FileWindow.initialCapacity) {
        self.descriptor = descriptor
        self.name = name
        self.closesDescriptor = closesDescriptor
        unsafe storage = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit {
        unsafe storage.deallocate()
        if closesDescriptor { _ = close(descriptor) }
    }

    /// Bytes in memory and not yet consumed.
    var available: Int { end &- start }

    /// Sees to it that `count` bytes are available.
    ///
    /// - Returns: `false` when the stream ends before; what it had is available then.
    /// - Throws: ``CaptureError`` when the system cannot read the stream.
    @inline(__always)
    mutating func fill(_ count: Int) throws(CaptureError) -> Bool {
        if available >= count { return true }
        return try refill(count)
    }

    @inline(never)
    private mutating func refill(_ count: Int) throws(CaptureError) -> Bool {
        makeRoom(count)
        while available < count {
            if ended { return false }
            let room = unsafe UnsafeMutableRawBufferPointer(rebasing: storage[end...])
            let got = unsafe read(descriptor, room.baseAddress, room.count)
            if got > 0 {
                end += got
            } else if got == 0 {
                ended = true
            } else if errno != EINTR {
                throw .file(name, .unreadable(errno))
            }
        }
        return true
    }

    /// Moves what is left to the front, into a larger buffer when `count` bytes do not fit in this one.
    private mutating func makeRoom(_ count: Int) {
        let left = unsafe UnsafeRawBufferPointer(rebasing: storage[start..<end])
        var capacity = unsafe storage.count
        if capacity >= count {
            if start > 0 { unsafe storage.copyMemory(from: left) }
        } else {
            while capacity < count { capacity *= 2 }
            let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 16)
            unsafe larger.copyMemory(from: left)
            unsafe storage.deallocate()
            unsafe storage = larger
        }
        end -= start
        start = 0
    }

    /// Drops `count` bytes, which must be available.
    @inline(__always)
    mutating func consume(_ count: Int) {
        precondition(count >= 0 && count <= available)
        start &+= count
        offset &+= UInt64(truncatingIfNeeded: count)
    }

    /// Drops `count` bytes, reading on as needed and keeping none.
    ///
    /// - Returns: `false` when the stream ends before.
    mutating func skip(_ count: Int) throws(CaptureError) -> Bool {
        var left = count
        while left > available {
            left -= available
            consume(available)
            guard try refill(1) else { return false }
        }
        consume(left)
        return true
    }

    /// The integer at `position`, in this machine's byte order.
    @inline(__always)
    func load<Word: FixedWidthInteger & BitwiseCopyable>(_: Word.Type, at position: Int) -> Word {
        precondition(position >= 0 && position <= available &- MemoryLayout<Word>.size)
        return unsafe storage.baseAddress.unsafelyUnwrapped.loadUnaligned(
            fromByteOffset: start &+ position, as: Word.self)
    }

    @inline(__always)
    func uint16(at position: Int) -> UInt16 { load(UInt16.self, at: position) }

    @inline(__always)
    func uint32(at position: Int) -> UInt32 { load(UInt32.self, at: position) }

    /// `count` bytes at `position`, lent: the next `fill` or `skip` may move them, which the compiler prevents
    /// while the span lives.
    @inline(__always)
    @_lifetime(borrow self)
    func bytes(at position: Int, count: Int) -> RawSpan {
        precondition(position >= 0 && count >= 0 && position <= available &- count)
        let part = unsafe UnsafeRawBufferPointer(
            start: storage.baseAddress.unsafelyUnwrapped + (start &+ position), count: count)
        return unsafe _overrideLifetime(RawSpan(_unsafeBytes: part), borrowing: self)
    }
}
