import SwiftASN1

/// The parts of a constructed value, one after the other; none of a primitive one.
struct ASN1Children {
    private var iterator: ASN1NodeCollection.Iterator?

    init(_ node: ASN1Node) {
        switch node.content {
        case .constructed(let nodes): iterator = nodes.makeIterator()
        case .primitive: iterator = nil
        }
    }

    mutating func next() -> ASN1Node? { iterator?.next() }
}

extension ASN1Node {
    /// The content of a primitive value.
    var octets: ArraySlice<UInt8>? {
        switch content {
        case .primitive(let octets): octets
        case .constructed: nil
        }
    }
}

extension ASN1Identifier {
    static func context(_ number: UInt) -> ASN1Identifier {
        ASN1Identifier(tagWithNumber: number, tagClass: .contextSpecific)
    }
}
