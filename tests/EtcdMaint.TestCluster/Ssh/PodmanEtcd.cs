namespace EtcdMaint.TestCluster;

/// <summary>
/// A real etcd in a real podman container, with an image that is built from the available binaries: no registry is
/// used.
/// </summary>
public sealed class PodmanEtcd : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    /// <summary>The binaries, the libraries that they are linked with, and a folder that etcd needs.</summary>
    private const string Pack = """
        set -e
        mkdir -p root/usr/bin root/tmp
        cp "$@" root/usr/bin/
        for l in $(ldd "$@" 2>/dev/null | grep -o '/[^ ]*\.so[^ ]*' | sort -u); do mkdir -p "root$(dirname "$l")"; cp -L "$l" "root$l"; done
        tar -C root -cf image.tar .
        """;

    private readonly ThrowAwayFolder _folder = ThrowAwayFolder.Create("podman");
    private readonly ClusterCertificates _certificates;
    private readonly int _port = LoopbackPorts.Take();

    private PodmanEtcd() => _certificates = new ClusterCertificates(_folder.Combine("tls"), "etcd-client");

    public string Name => Path.GetFileName(_folder.FullPath);

    public string ClientUrl => $"https://127.0.0.1:{_port}";

    private string Image => $"localhost/{Name}";

    /// <summary>Null, with the reason, if podman is missing or cannot run a container on this machine.</summary>
    public static async Task<(PodmanEtcd? Etcd, Availability Availability)> StartAsync(CancellationToken cancellation)
    {
        if (Command.Find("podman") is null)
            return (null, Availability.No("There is no podman on this machine."));
        var etcd = new PodmanEtcd();
        try
        {
            await etcd.RunAsync(await EtcdReleases.DefaultAsync(), cancellation);
            return (etcd, Availability.Yes);
        }
        catch (Exception error) when (error is InvalidOperationException or TimeoutException)
        {
            await etcd.DisposeAsync();
            return (null, Availability.No($"podman cannot run a container here: {error.Message}"));
        }
    }

    public Task StopAsync(CancellationToken cancellation) => PodmanAsync(cancellation, "stop", "--time", "5", Name);

    /// <summary>Runs etcdctl in the container, without using the tested code.</summary>
    public Task<string> EtcdctlAsync(CancellationToken cancellation, params string[] arguments) =>
        PodmanAsync(
            cancellation,
            [
                "exec",
                Name,
                "etcdctl",
                "--endpoints",
                ClientUrl,
                "--cacert",
                _certificates.Ca,
                "--cert",
                _certificates.Client.Certificate,
                "--key",
                _certificates.Client.Key,
                .. arguments,
            ]
        );

    public async ValueTask DisposeAsync()
    {
        await Command.RunAsync("podman", ["rm", "--force", "--time", "0", "--volumes", Name], Timeout);
        await Command.RunAsync("podman", ["rmi", "--force", Image], Timeout);
        _certificates.Dispose();
        await _folder.DisposeAsync();
    }

    private async Task RunAsync(EtcdBinaries binaries, CancellationToken cancellation)
    {
        var packed = await Command.RunAsync(
            "sh",
            ["-c", Pack, "sh", binaries.Etcd, binaries.Etcdctl],
            Timeout,
            _folder.FullPath,
            cancellation: cancellation
        );
        packed.OutputOrThrow();
        await PodmanAsync(cancellation, "import", _folder.Combine("image.tar"), Image);
        await PodmanAsync(
            cancellation,
            "run",
            "--detach",
            "--name",
            Name,
            "--network",
            "host",
            "--volume",
            $"{_folder.Combine("tls")}:{_folder.Combine("tls")}:ro",
            Image,
            "etcd",
            "--data-dir",
            "/data",
            "--listen-client-urls",
            ClientUrl,
            "--advertise-client-urls",
            ClientUrl,
            "--listen-peer-urls",
            $"http://127.0.0.1:{LoopbackPorts.Take()}",
            "--cert-file",
            _certificates.Server.Certificate,
            "--key-file",
            _certificates.Server.Key,
            "--client-cert-auth",
            "--trusted-ca-file",
            _certificates.Ca
        );
        await Poll.UntilAsync(
            async token =>
            {
                try
                {
                    return await EtcdctlAsync(token, "endpoint", "health") is not null;
                }
                catch (InvalidOperationException)
                {
                    return false;
                }
            },
            TimeSpan.FromSeconds(30),
            "etcd in the container answers",
            cancellation
        );
    }

    private static async Task<string> PodmanAsync(CancellationToken cancellation, params string[] arguments) =>
        (await Command.RunAsync("podman", arguments, Timeout, cancellation: cancellation)).OutputOrThrow();
}
