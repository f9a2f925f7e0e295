// The functions that libFuzzer calls, by the names that it wants.

import CFuzzer
import Glibc

/// `--target=NAME` picks the target; libFuzzer itself passes over arguments that begin with two dashes.
///
/// `--targets` lists them and ends; `--seeds=FOLDER CAPTURE…` writes seeds for every target, made from captures, and ends.
@_cdecl("LLVMFuzzerInitialize")
package func initialize(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
) -> CInt {
    let words = (1..<Int(count.pointee)).compactMap { arguments.pointee[$0].map { String(cString: $0) } }
    if let folder = value(of: "--seeds=", in: words) {
        do {
            try Seeds(folder: folder).write(from: words.filter { !$0.hasPrefix("--") })
            exit(0)
        } catch {
            fail("\(error)")
        }
    }
    if words.contains("--targets") {
        print(Target.allCases.map(\.rawValue).joined(separator: "\n"))
        exit(0)
    }
    guard let name = value(of: "--target=", in: words), let target = Target(rawValue: name) else {
        fail("usage: fuzz --target=\(Target.allCases.map(\.rawValue).joined(separator: "|")) [libFuzzer's arguments]")
    }
    Target.current = target
    return 0
}

@_cdecl("LLVMFuzzerTestOneInput")
package func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    Target.current.run(RawSpan(_unsafeStart: UnsafeRawPointer(data ?? UnsafePointer(bitPattern: 1)!), byteCount: count))
    return 0
}

/// Half of the mutations are libFuzzer's own, which know nothing of frames.
@_cdecl("LLVMFuzzerCustomMutator")
package func mutate(_ data: UnsafeMutablePointer<UInt8>, _ count: Int, _ capacity: Int, _ seed: CUnsignedInt) -> Int {
    guard Target.current == .packets, seed & 1 == 0 else { return LLVMFuzzerMutate(data, count, capacity) }
    var mutator = FrameMutator(seed: seed)
    let mutated = mutator.mutate(Array(UnsafeBufferPointer(start: data, count: count)), capacity: capacity)
    guard !mutated.isEmpty, mutated.count <= capacity else { return LLVMFuzzerMutate(data, count, capacity) }
    mutated.withUnsafeBufferPointer { data.update(from: $0.baseAddress!, count: $0.count) }
    return mutated.count
}

private func value(of option: String, in words: [String]) -> String? {
    words.first { $0.hasPrefix(option) }.map { String($0.dropFirst(option.count)) }
}

private func fail(_ message: String) -> Never {
    let line = Array((message + "\n").utf8)
    _ = write(STDERR_FILENO, line, line.count)
    exit(2)
}
