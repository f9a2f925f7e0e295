#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A fixed number of records in one block of zeroed memory, of which the kernel gives only the pages that are
/// touched: a table may state a high cap and cost nothing until it fills.
///
/// Records are plain values without references; before the first is written to a slot, its bytes are zero. They are
/// changed in place, without the copies and uniqueness checks of an array; the subscript checks its bounds.
@safe struct Slab<Element: BitwiseCopyable>: ~Copyable {
    private let base: UnsafeMutablePointer<Element>
    let capacity: Int

    /// - Parameter capacity: records; a request for more memory than there is ends the process, as any
    ///   allocation in Swift does.
    init(capacity: Int) {
        let wanted = max(1, capacity)
        guard let memory = unsafe calloc(wanted, MemoryLayout<Element>.stride) else {
            fatalError("out of memory for \(wanted) records of \(MemoryLayout<Element>.stride) bytes")
        }
        unsafe base = memory.bindMemory(to: Element.self, capacity: wanted)
        self.capacity = wanted
    }

    deinit { unsafe free(base) }

    subscript(index: Int) -> Element {
        @inline(__always) unsafeAddress {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: capacity), "slab index out of range")
            return unsafe UnsafePointer(base + index)
        }
        @inline(__always) unsafeMutableAddress {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: capacity), "slab index out of range")
            return unsafe base + index
        }
    }
}
