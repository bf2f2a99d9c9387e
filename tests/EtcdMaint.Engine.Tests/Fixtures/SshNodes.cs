using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Processes;
using EtcdMaint.Engine.Transport.Ssh;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Fixtures;

/// <summary>An sshd for each node, each with its own name in one ssh config.</summary>
internal sealed class SshNodes : IAsyncDisposable
{
    private SshNodes(IReadOnlyList<SshServer> servers) => Servers = servers;

    public IReadOnlyList<SshServer> Servers { get; }

    public string ConfigFile => Path.Combine(Servers[0].FolderPath, "config");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<SshNodes> OrSkipAsync(int count, SshServerOptions? options = null)
    {
        Availability sshd = await SshServer.CheckAsync(Cancellation);
        Assert.SkipUnless(sshd.IsAvailable, sshd.Reason);
        var servers = new List<SshServer>();
        for (int i = 0; i < count; i++)
            servers.Add(await SshServer.StartAsync(options, Cancellation));
        var nodes = new SshNodes(servers);
        nodes.Configure();
        return nodes;
    }

    /// <summary>
    /// Nodes without curl: another program with that name, found first, ends as a shell does for a missing program.
    /// </summary>
    public static SshServerOptions WithoutCurl(ThrowAwayFolder folder)
    {
        string file = folder.Combine("curl");
        File.WriteAllText(file, "#!/bin/sh\nexit 127\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return new SshServerOptions { Path = $"{folder.FullPath}:/usr/bin:/bin" };
    }

    public static string Name(int index) => $"node{index + 1}";

    /// <summary>Lets the calls of the current test log in one by one, as on Windows.</summary>
    public static void UseControlSockets(bool hasControlSockets) =>
        PlatformFeatures.Current = PlatformFeatures.Current with
        {
            HasControlSockets = hasControlSockets && PlatformFeatures.Current.HasControlSockets,
        };

    /// <summary>Rewrites the config, with settings that take precedence over the correct ones.</summary>
    public void Configure(params string[] first) =>
        File.WriteAllText(ConfigFile, string.Concat(Servers.Select((s, i) => s.HostBlock(Name(i), first))));

    /// <summary>Rewrites the config, with another server as jump host for all nodes.</summary>
    public void ConfigureBehind(SshServer jump)
    {
        Configure("  ProxyJump jump");
        File.AppendAllText(ConfigFile, jump.HostBlock("jump"));
    }

    /// <summary>From now on, new logins to this node use that port.</summary>
    public void Redirect(int index, int port) =>
        File.WriteAllText(
            ConfigFile,
            $"Host {Name(index)}\n  Port {port}\n  HostKeyAlias [127.0.0.1]:{Servers[index].Port}\n"
                + File.ReadAllText(ConfigFile)
        );

    public SshConnection Connection(
        int index = 0,
        string program = "ssh",
        string socket = "socket",
        IdleConnections? idle = null
    ) =>
        new(
            new SshTarget(Name(index), null),
            new SshClientSettings(program, ConfigFile),
            PlatformFeatures.Current.HasControlSockets ? Path.Combine(Servers[index].FolderPath, socket) : null,
            idle
        );

    public SshConnectRequest Request(TestEtcdCluster etcd) =>
        new()
        {
            SshHost = [string.Join(',', Servers.Select((_, i) => Name(i)))],
            SshConfigPath = ConfigFile,
            ClientUrl = etcd.ClientUrls,
            EtcdctlPath = etcd.Binaries.Etcdctl,
            RemoteClientCertificatePath = etcd.Certificates?.Client.Certificate,
            RemoteClientKeyPath = etcd.Certificates?.Client.Key,
            ClusterName = "test",
            CallTimeout = RealCluster.Timeout,
        };

    public async ValueTask DisposeAsync()
    {
        foreach (SshServer server in Servers)
            await server.DisposeAsync();
    }
}
