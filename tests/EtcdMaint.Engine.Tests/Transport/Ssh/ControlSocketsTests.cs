using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.Versioning;
using EtcdMaint.Engine.Transport.Ssh;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Transport.Ssh;

/// <summary>Folders for control sockets: which of them are removed, and which must never be.</summary>
[Trait("Kind", "Real")]
[UnsupportedOSPlatform("windows")]
public sealed class ControlSocketsTests : IDisposable
{
    private const string PlaceVariable = "TMPDIR";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly DirectoryInfo _place = Directory.CreateTempSubdirectory("emtest-");

    public ControlSocketsTests() =>
        Assert.SkipWhen(OperatingSystem.IsWindows(), "ssh has no control sockets on Windows.");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Remove_deletes_the_folder_of_a_killed_process_and_keeps_that_of_a_running_one()
    {
        using Process killed = StartChild();
        using Process running = StartChild();
        try
        {
            await Poll.UntilAsync(
                () => Sockets().Length == 2,
                TimeSpan.FromSeconds(120),
                "both processes have their socket",
                Cancellation
            );
            StaleControlSockets.Remove(_place.FullName);
            Assert.Equal(2, Sockets().Length);

            killed.Kill();
            await killed.WaitForExitAsync(Cancellation);
            StaleControlSockets.Remove(_place.FullName);
            Assert.Single(Sockets());
            Assert.Single(_place.GetDirectories("em-*"));
        }
        finally
        {
            foreach (Process child in new[] { killed, running })
            {
                child.Kill();
                await child.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    [Fact]
    public void Remove_keeps_folders_that_this_module_did_not_create()
    {
        DirectoryInfo another = Directory.CreateDirectory(Path.Combine(_place.FullName, "em-other"), OwnerOnly);
        File.WriteAllText(Path.Combine(another.FullName, "1"), "a letter");
        DirectoryInfo linked = Directory.CreateDirectory(Path.Combine(_place.FullName, "linked"), OwnerOnly);
        File.WriteAllText(Path.Combine(linked.FullName, ControlSockets.InUse), "");
        Directory.CreateSymbolicLink(Path.Combine(_place.FullName, "em-link"), linked.FullName);
        DirectoryInfo file = Directory.CreateDirectory(Path.Combine(_place.FullName, "em-file"), OwnerOnly);
        File.CreateSymbolicLink(Path.Combine(file.FullName, ControlSockets.InUse), Path.Combine(another.FullName, "1"));

        StaleControlSockets.Remove(_place.FullName);
        Assert.Equal("a letter", File.ReadAllText(Path.Combine(another.FullName, "1")));
        Assert.True(File.Exists(Path.Combine(linked.FullName, ControlSockets.InUse)));
        Assert.Equal(["em-file", "em-link", "em-other", "linked"], _place.GetDirectories().Select(d => d.Name).Order());
    }

    [Fact]
    public void Remove_deletes_only_sockets_and_keeps_every_other_file_of_a_stale_folder()
    {
        DirectoryInfo stale = Directory.CreateDirectory(Path.Combine(_place.FullName, "em-stale"), OwnerOnly);
        File.WriteAllText(Path.Combine(stale.FullName, ControlSockets.InUse), "");
        File.WriteAllText(Path.Combine(stale.FullName, "notes"), "a letter");
        StaleControlSockets.Remove(_place.FullName);
        Assert.Equal("a letter", File.ReadAllText(Path.Combine(stale.FullName, "notes")));
    }

    [Fact]
    public void Remove_keeps_the_folder_of_another_user()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can give a folder to another user.");
        DirectoryInfo theirs = Directory.CreateDirectory(Path.Combine(_place.FullName, "em-theirs"), OwnerOnly);
        File.WriteAllText(Path.Combine(theirs.FullName, ControlSockets.InUse), "");
        Process.Start(Command.Find("chown")!, ["-R", "65534", theirs.FullName]).WaitForExit();
        StaleControlSockets.Remove(_place.FullName);
        Assert.True(File.Exists(Path.Combine(theirs.FullName, ControlSockets.InUse)));
    }

    [Fact]
    public void Dispose_removes_its_own_folder()
    {
        string socket;
        using (ControlSockets sockets = ControlSockets.Create()!)
        {
            socket = sockets.Next();
            Assert.True(Directory.Exists(Path.GetDirectoryName(socket)));
        }
        Assert.False(Directory.Exists(Path.GetDirectoryName(socket)));
    }

    /// <summary>Runs in a child process: holds a folder with a socket until it is killed.</summary>
    [Fact(Explicit = true)]
    public async Task Hold_a_folder_as_a_child_process()
    {
        using ControlSockets sockets = ControlSockets.Create()!;
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(sockets.Next()));
        await Task.Delay(TimeSpan.FromMinutes(5), Cancellation);
    }

    public void Dispose() => _place.Delete(recursive: true);

    private Process StartChild()
    {
        string method = $"{typeof(ControlSocketsTests).FullName}.{nameof(Hold_a_folder_as_a_child_process)}";
        return Process.Start(
            new ProcessStartInfo(
                "dotnet",
                [typeof(ControlSocketsTests).Assembly.Location, "-method", method, "-explicit", "only"]
            )
            {
                RedirectStandardOutput = true,
                Environment = { [PlaceVariable] = _place.FullName },
            }
        )!;
    }

    private string[] Sockets() => Directory.GetFiles(_place.FullName, "1", SearchOption.AllDirectories);
}
