package import Model

/// What a verdict can be: the entry of `docs/verdicts.md` that its identifier leads to.
package struct Finding: Sendable, Equatable {
    /// Stable, `stage.reason`, so that scripts and documents can refer to it. `RCODE` in it stands for a word from the
    /// wire, in small letters.
    package var id: String
    /// `nil` when it is about the request as a whole.
    package var stage: StageKind?
    package var severity: Verdict.Severity
    /// What is wrong, in a few words.
    package var title: String
    /// What brings it about.
    package var cause: String
    /// What has to be seen before it is told.
    package var evidence: String
    /// What helps.
    package var fix: String

    /// In the order of the stages, which is that of the document.
    package static let all: [Finding] =
        [healthy, pending, unseen] + ofNames + ofWays + ofConnects + ofHandshakes + ofExchanges

    /// The same, by the word that `RCODE` or `other` stands for.
    func called(_ id: String) -> Finding {
        var finding = self
        finding.id = id
        return finding
    }

    /// The entry of a verdict's identifier.
    package static func named(_ id: String) -> Finding? {
        all.first { $0.id == id } ?? families.first { id.hasPrefix($0.prefix) }?.finding
    }

    /// Those that stand for many words from the wire or the kernel.
    private static let families = [
        (prefix: "name.", finding: nameFailed), (prefix: "route.", finding: routeOther),
        (prefix: "secure.", finding: secureAlert),
    ]

    private static let ofNames = [
        nameNXDomain, nameServerFailure, nameRefused, nameNoData, nameNoAnswer, nameFailed, nameServerSilent, nameSlow,
        nameSearchDetour,
    ]
    /// On this host and its link.
    private static let ofWays = [
        routeMissing, routeNoCommonFamily, routeInterfaceDown, routeProhibited, routeUnreachable, routeBlackhole,
        routeOther, neighbourWithoutCarrier, neighbourUnanswered, neighbourContested, portExhausted, portReused,
        translationMappingGone, translationSource, translationCollision, translationTableFull,
    ]
    private static let ofConnects =
        [connectRefused, connectForwardRefused, connectLoopbackOnly] + Unreachable.findings(at: .connect) + [
            connectNoAnswer, connectNotAccepted, connectHairpin, connectAnsweredElsewhere, connectAborted,
            connectHalfOpen, connectOneSided, connectUnsolicited, connectFallback, connectSlow,
        ]
    private static let ofHandshakes = [
        secureProtocolVersion, secureNoApplicationProtocol, secureUnrecognizedName, secureHandshakeFailure,
        secureCertificateExpired, secureCertificateNotYetValid, secureCertificateOfOther, secureUnknownCA,
        secureCertificateRequired, secureAlert, secureEncryptedAlert, secureClosedByQUIC, secureResetAfterHello,
        secureHelloLost, secureHelloUnanswered, secureNoServerHello, secureClosedInHandshake, secureAborted,
        secureUntrusted,
    ]
    private static let ofExchanges =
        Unreachable.findings(at: .exchange) + [
            exchangeMTUBlackHole, exchangePathMTU, exchangeUnacknowledged, exchangeClosedUnanswered, exchangeUnclaimed,
            exchangeClientGaveUp, exchangeNoResponse, exchangeReset, exchangeIncomplete, exchangeAborted,
            echoUnanswered, exchangeZeroWindow, exchangeLoss, exchangeSlow, exchangeCaptivePortal, exchangeServerError,
            exchangeHTTPError, closeResetByServer, closeResetByClient,
        ]
}
