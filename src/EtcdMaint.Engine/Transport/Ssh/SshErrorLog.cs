using EtcdMaint.Engine.Transport.Processes;

namespace EtcdMaint.Engine.Transport.Ssh;

/// <summary>The last lines that an ssh process printed.</summary>
internal sealed class SshErrorLog
{
    private const int Kept = 50;

    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly LinkedList<string> _lines = new();

    /// <summary>The last lines.</summary>
    public string Text
    {
        get
        {
            lock (_lines)
                return string.Join('\n', _lines);
        }
    }

    /// <summary>Adds a line, unless it is one of those that ssh prints at the end of every connection.</summary>
    public void Add(string line)
    {
        if (SshFailures.IsStatistic(line))
            return;
        lock (_lines)
        {
            _lines.AddLast(line);
            if (_lines.Count > Kept)
                _lines.RemoveFirst();
        }
    }

    /// <summary>Reads until the end and returns the last lines.</summary>
    public async Task<string> ReadAsync(TextReader errors)
    {
        lock (_lines)
            _lines.Clear();
        var lines = new ShortLines(errors);
        while (await lines.ReadAsync(CancellationToken.None).ConfigureAwait(false) is { } line)
            Add(line);
        return Text;
    }

    /// <summary>
    /// Removes and returns the newest line that contains the text. It waits up to 1 second for the line and returns
    /// null if none arrives.
    /// </summary>
    public async Task<string?> FindAsync(string text)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            lock (_lines)
            {
                if (_lines.LastOrDefault(l => l.Contains(text, StringComparison.Ordinal)) is { } line)
                {
                    _lines.Remove(line);
                    return line;
                }
            }
            if (TimeProvider.System.GetElapsedTime(started) > GiveUpAfter)
                return null;
            await Task.Delay(PollInterval).ConfigureAwait(false);
        }
    }
}
