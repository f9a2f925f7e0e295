import ArgumentParser
import Hummingbird
import Logging
import ServiceLifecycle
import Yams

@main struct Waybilld: ParsableCommand {
    func run() {}
}
