namespace EtcdMaint.TestCluster;

/// <summary>
/// The system's ssh client and key generator, and an ssh server: that of the machine, otherwise from the distribution's
/// package in the cache.
/// </summary>
/// <param name="LibraryPath">The folder of the server's libraries; null if it is installed.</param>
internal sealed record OpenSsh(string Client, string KeyGenerator, string Server, string? LibraryPath)
{
    private static readonly Lazy<Task<OpenSsh>> Found = new(FindAsync);

    /// <exception cref="InvalidOperationException">A program is missing and not available.</exception>
    public static Task<OpenSsh> GetAsync() => Found.Value;

    private static async Task<OpenSsh> FindAsync()
    {
        var client =
            Command.Find("ssh") ?? throw new InvalidOperationException("there is no ssh client on this machine");
        var generator =
            Command.Find("ssh-keygen") ?? throw new InvalidOperationException("there is no ssh-keygen on this machine");
        if (Command.Find("sshd") is { } installed)
            return new OpenSsh(client, generator, installed, null);

        var system = OperatingSystemRelease.Current;
        var folder = await Cache.GetAsync(
            $"openssh/{system.Codename}-{AptArchitecture.Native}",
            // Every machine with the client has the other libraries that the server is linked with.
            (target, cancellation) =>
                AptPackages.UnpackAsync(
                    AptRepository.OfThisMachine(),
                    ["openssh-server", "libwrap0"],
                    target,
                    cancellation
                ),
            CancellationToken.None
        );
        var libraries = Directory
            .EnumerateFiles(folder, "libwrap.so*", SearchOption.AllDirectories)
            .Select(file => Path.GetDirectoryName(file)!)
            .Distinct();
        return new OpenSsh(client, generator, Path.Combine(folder, "usr", "sbin", "sshd"), string.Join(':', libraries));
    }
}
