/// What must hold, whatever the input: else the run ends here, with the reason, also in an optimised build.
func demand(_ holds: Bool, _ reason: @autoclosure () -> String) {
    guard !holds else { return }
    fatalError(reason())
}
