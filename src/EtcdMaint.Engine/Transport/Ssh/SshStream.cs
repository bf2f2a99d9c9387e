using System.Diagnostics;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport.Processes;

namespace EtcdMaint.Engine.Transport.Ssh;

/// <summary>
/// The two pipes of an ssh process as one stream. Both directions can be used at the same time. If ssh could not reach
/// the port, the stream ends before its first byte, and the messages of ssh contain the reason.
/// </summary>
internal sealed class SshStream : Stream
{
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    private readonly Process _ssh;
    private readonly IDisposable _lease;
    private readonly SshConnection _connection;
    private readonly Stream _input;
    private readonly Stream _output;
    private readonly Task<string> _errors;
    private bool _hasRead;
    private int _isClosed;

    public SshStream(Process ssh, IDisposable lease, SshConnection connection)
    {
        _connection = connection;
        _ssh = ssh;
        _lease = lease;
        _input = ssh.StandardInput.BaseStream;
        _output = ssh.StandardOutput.BaseStream;
        _errors = new SshErrorLog().ReadAsync(ssh.StandardError);
    }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // On Windows, a read of a pipe cannot be cancelled. It ends with the process.
        using CancellationTokenRegistration end = cancellationToken.UnsafeRegister(
            static ssh => ChildProcess.End((Process)ssh!),
            _ssh
        );
        int read = await _output.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        if (read > 0)
            _hasRead = true;
        else if (!_hasRead && buffer.Length > 0)
            throw await FindReasonAsync().ConfigureAwait(false);
        return read;
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        try
        {
            await _input.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
            await _input.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException) when (!_hasRead)
        {
            throw await FindReasonAsync().ConfigureAwait(false);
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => _input.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) =>
        WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() => _input.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            ChildProcess.End(_ssh);
            _ssh.Dispose();
            _lease.Dispose();
        }
        base.Dispose(disposing);
    }

    private async Task<DialException> FindReasonAsync()
    {
        await Task.WhenAny(_errors, Task.Delay(LastWords)).ConfigureAwait(false);
        string errors = _errors.IsCompletedSuccessfully ? _errors.Result : "";
        if (
            errors.Contains("forwarding", StringComparison.OrdinalIgnoreCase)
            && !errors.Contains("open failed", StringComparison.Ordinal)
            && await _connection.FindOpenFailureAsync().ConfigureAwait(false) is { } reason
        )
            return SshFailures.Read(reason);

        // If a server accepts the connection and closes it at once, ssh ends without a message.
        return errors.Length > 0
            ? SshFailures.Read(errors)
            : new DialException(CallFailure.HandshakeFailed, "the port closed the stream immediately");
    }
}
