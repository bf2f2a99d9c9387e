using System.Text;

namespace EtcdMaint.Engine.Transport.Processes;

/// <summary>
/// The output of a program on one of its streams, read while the program runs and kept up to a limit.
/// </summary>
internal sealed class ProgramOutput
{
    private const int BufferSize = 8 * 1024;

    private readonly StringBuilder _text = new();
    private readonly TaskCompletionSource _overflow = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ProgramOutput(TextReader stream) => Ended = ReadAsync(stream);

    /// <summary>Completes at the end of the stream or when the limit is exceeded. Nothing is read after that.</summary>
    public Task Ended { get; }

    /// <summary>Completes only when the limit is exceeded.</summary>
    public Task Overflow => _overflow.Task;

    /// <summary>The output so far. A child that the program started may keep the stream open.</summary>
    public string Text
    {
        get
        {
            lock (_text)
                return _text.ToString();
        }
    }

    private async Task ReadAsync(TextReader stream)
    {
        char[] buffer = new char[BufferSize];
        int count;
        while ((count = await stream.ReadAsync(buffer, CancellationToken.None).ConfigureAwait(false)) > 0)
        {
            lock (_text)
            {
                if (_text.Length + count > SizeLimits.ProgramOutput)
                    break;
                _text.Append(buffer, 0, count);
            }
        }
        if (count > 0)
            _overflow.SetResult();
    }
}
