namespace EtcdMaint.Cmdlets;

/// <summary>
/// Keeps what one reading finds. Nothing is written directly, because it would disturb the view of the readings.
/// </summary>
internal sealed class StatusObserver : IRunObserver
{
    private readonly object _turn = new();

    private readonly List<EtcdMemberStatus> _rows = [];

    private readonly List<EtcdException> _errors = [];

    private readonly List<string> _warnings = [];

    public IReadOnlyList<EtcdMemberStatus> Rows => _rows;

    public IReadOnlyList<EtcdException> Errors => _errors;

    public IReadOnlyList<string> Warnings => _warnings;

    public void Emit(object row) => Add(_rows, (EtcdMemberStatus)row);

    public void ReportError(EtcdException error) => Add(_errors, error);

    public void Warn(string message) => Add(_warnings, message);

    public void LogVerbose(string message) { }

    public void Report(RunProgress progress) { }

    /// <summary>A reading changes nothing, so there is nothing to confirm.</summary>
    public Task<bool> ConfirmAsync(string action, string target) => Task.FromResult(false);

    private void Add<T>(List<T> list, T item)
    {
        lock (_turn)
            list.Add(item);
    }
}
