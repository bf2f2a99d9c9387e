namespace EtcdMaint.Cmdlets;

/// <summary>Keeps the rows of one cluster and passes them on.</summary>
internal sealed class SpaceUsageObserver(IRunObserver next) : ForwardingObserver(next)
{
    private readonly List<EtcdSpaceUsage> _rows = [];

    /// <summary>The rows until now.</summary>
    public IReadOnlyList<EtcdSpaceUsage> Rows
    {
        get
        {
            lock (_rows)
                return [.. _rows];
        }
    }

    public override void Emit(object row)
    {
        if (row is EtcdSpaceUsage usage)
        {
            lock (_rows)
                _rows.Add(usage);
        }
        Next.Emit(row);
    }
}
