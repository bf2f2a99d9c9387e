namespace EtcdMaint.Engine.Transport.Ssh;

/// <summary>The shells of one node that no call uses at present.</summary>
internal sealed class SshShells
{
    /// <summary>The status of a member takes this many calls at the same time.</summary>
    private const int Kept = 3;

    private readonly Stack<SshShell> _idle = new();

    /// <summary>Returns a shell that is logged in, or null.</summary>
    public SshShell? Take()
    {
        lock (_idle)
        {
            while (_idle.TryPop(out SshShell? shell))
            {
                if (shell.IsAlive)
                    return shell;
                shell.Dispose();
            }
            return null;
        }
    }

    public void Add(SshShell shell)
    {
        lock (_idle)
        {
            if (_idle.Count < Kept && shell.IsAlive)
            {
                _idle.Push(shell);
                return;
            }
        }
        shell.Dispose();
    }

    public void Close()
    {
        lock (_idle)
        {
            while (_idle.TryPop(out SshShell? shell))
                shell.Dispose();
        }
    }
}
