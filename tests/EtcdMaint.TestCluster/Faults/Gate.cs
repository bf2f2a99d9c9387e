namespace EtcdMaint.TestCluster;

/// <summary>Lets all callers pass while it is open, and blocks them while it is closed.</summary>
internal sealed class Gate
{
    private volatile TaskCompletionSource _opened = Opened();

    public Task PassAsync(CancellationToken cancellation) => _opened.Task.WaitAsync(cancellation);

    public void Close()
    {
        if (_opened.Task.IsCompleted)
            _opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Open() => _opened.TrySetResult();

    private static TaskCompletionSource Opened()
    {
        var opened = new TaskCompletionSource();
        opened.SetResult();
        return opened;
    }
}
