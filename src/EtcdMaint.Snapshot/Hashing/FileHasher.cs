using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace EtcdMaint.Snapshot.Hashing;

/// <summary>Computes the SHA-256 of the beginning of a file on another thread.</summary>
internal sealed class FileHasher
{
    private const int ChunkSize = 1024 * 1024;

    private readonly Task<byte[]> _task;
    private readonly long _length;
    private long _done;

    private FileHasher(SafeFileHandle file, long length, CancellationToken cancellationToken)
    {
        _length = length;
        _task = Task.Factory.StartNew(
            () => Compute(file, cancellationToken),
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
    }

    public double Fraction => _length == 0 ? 1 : Interlocked.Read(ref _done) / (double)_length;

    public static FileHasher Start(SafeFileHandle file, long length, CancellationToken cancellationToken) =>
        new(file, length, cancellationToken);

    /// <summary>Waits until the hash is complete, or the time is over.</summary>
    /// <returns>Whether it is complete, also by a failure.</returns>
    public bool Wait(TimeSpan time) => Task.WaitAny([_task], time) == 0;

    /// <exception cref="IOException">The file could not be read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public byte[] Result() => _task.GetAwaiter().GetResult();

    private byte[] Compute(SafeFileHandle file, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[ChunkSize];
        while (_done < _length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int wanted = (int)Math.Min(ChunkSize, _length - _done);
            int read = RandomAccess.Read(file, buffer.AsSpan(0, wanted), _done);
            if (read == 0)
                throw new EndOfStreamException("the file became shorter while it was read");
            hash.AppendData(buffer, 0, read);
            Interlocked.Add(ref _done, read);
        }
        return hash.GetHashAndReset();
    }
}
