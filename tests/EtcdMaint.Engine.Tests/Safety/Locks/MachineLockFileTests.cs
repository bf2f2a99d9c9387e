using System.Diagnostics;
using System.Runtime.Versioning;
using EtcdMaint.Engine.Safety.Locks;
using EtcdMaint.TestCluster;
using Microsoft.Win32.SafeHandles;

namespace EtcdMaint.Engine.Tests.Safety.Locks;

/// <summary>
/// The lock file is in a folder in which every user can create files, and every user can write to it.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class MachineLockFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("etcdmaint-logic-");

    public MachineLockFileTests() =>
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such files, modes or locks.");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static LockHolder Me => LockHolder.Me(TimeProvider.System);

    private string LockPath => Path.Combine(_folder.FullName, "etcdmaint-c1.lock");

    [Fact]
    public void Take_writes_the_holder_to_the_locked_file_which_every_user_may_open()
    {
        LockHolder me = Me;
        using MachineLock? taken = Take(me);
        FileInfo only = Assert.Single(_folder.GetFiles());
        Assert.Equal(LockPath, only.FullName);
        Assert.Equal("666", Convert.ToString((int)File.GetUnixFileMode(LockPath), 8));
        Assert.Equal(me, LockHolder.Read(Content()));
    }

    [Fact]
    public void Dispose_removes_the_holder_from_the_file()
    {
        Take(Me)!.Dispose();
        Assert.Empty(File.ReadAllBytes(LockPath));
    }

    [Fact]
    public void Take_names_the_process_that_the_kernel_reports_and_not_the_one_in_the_file()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux reports who holds a file lock.");
        using MachineLock? taken = Take(Me);
        WriteContent(new LockHolder(Guid.NewGuid(), "elsewhere", "ann", 1, DateTimeOffset.UnixEpoch).ToJson());
        string message = Assert.Throws<EtcdException>(() => Take(Me)).Message;
        Assert.Contains(
            $"held by process {Environment.ProcessId} of the user with ID {UnixFile.Find(LockPath)!.Owner}",
            message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "The file names ann on elsewhere, process 1, since 1970-01-01",
            message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("\e[2J\a")]
    [InlineData("\u202Egpj")]
    public void Take_shows_the_holder_without_control_characters(string evil)
    {
        using MachineLock? taken = Take(Me);
        WriteContent(
            new LockHolder(Guid.NewGuid(), $"host{evil}", $"ann{evil}\n", 1, DateTimeOffset.UnixEpoch).ToJson()
        );
        string message = Assert.Throws<EtcdException>(() => Take(Me)).Message;
        Assert.Contains("ann\uFFFD", message, StringComparison.Ordinal);
        Assert.True(PlainText.IsPlain(message), message);
    }

    [Fact]
    public void Take_reads_only_the_beginning_of_a_large_lock_file()
    {
        using MachineLock? taken = Take(Me);
        WriteContent(
            new LockHolder(Guid.NewGuid(), new string('x', 10_000_000), "ann", 1, DateTimeOffset.UnixEpoch).ToJson()
        );
        string message = Assert.Throws<EtcdException>(() => Take(Me)).Message;
        Assert.Contains("The file names no holder", message, StringComparison.Ordinal);
        Assert.InRange(message.Length, 0, 1000);
    }

    [Fact]
    public void Take_refuses_a_symbolic_link_and_does_not_follow_it()
    {
        string target = Precious();
        File.CreateSymbolicLink(LockPath, target);
        AssertUnusable("it is a symbolic link");
        Assert.Equal("as it was", File.ReadAllText(target));
    }

    [Fact]
    public void Take_refuses_a_symbolic_link_that_leads_nowhere()
    {
        string missing = Path.Combine(_folder.FullName, "missing");
        File.CreateSymbolicLink(LockPath, missing);
        AssertUnusable("it is a symbolic link");
        Assert.False(File.Exists(missing));
    }

    [Fact]
    public async Task Take_refuses_a_hard_link_and_does_not_change_the_file()
    {
        string target = Precious();
        await MakeAsync("ln", target, LockPath);
        AssertUnusable("it has 2 hard links");
        Assert.Equal("as it was", await File.ReadAllTextAsync(target, Cancellation));
    }

    [Fact]
    public async Task Take_refuses_a_named_pipe_at_once()
    {
        await MakeAsync("mkfifo", LockPath);
        await Task.Run(() => AssertUnusable("it is a named pipe"), Cancellation)
            .WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
    }

    [Fact]
    public void Take_refuses_a_folder()
    {
        Directory.CreateDirectory(LockPath);
        AssertUnusable("it is a folder");
    }

    [Fact]
    public async Task Take_names_another_user_whose_program_holds_the_lock()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess,
            "Only root can start a program as another user."
        );
        File.SetUnixFileMode(_folder.FullName, (UnixFileMode)Convert.ToInt32("1777", 8));
        Take(Me)!.Dispose();
        Process holder = Hold("65534");
        try
        {
            Assert.Equal("held", await holder.StandardOutput.ReadLineAsync(Cancellation));
            EtcdException taken = Assert.Throws<EtcdException>(() => Take(Me));
            Assert.Equal("LockTaken", taken.ErrorId);
            Assert.Contains(
                $"held by process {holder.Id} of the user with ID 65534",
                taken.Message,
                StringComparison.Ordinal
            );
        }
        finally
        {
            holder.Kill();
            await holder.WaitForExitAsync(CancellationToken.None);
            holder.Dispose();
        }
        Take(Me)!.Dispose();
    }

    [Fact]
    public void Take_names_the_owner_of_a_file_that_the_user_may_not_open()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "Root may open every file.");
        File.WriteAllText(LockPath, "");
        File.SetUnixFileMode(LockPath, UnixFileMode.None);
        AssertUnusable("ermission denied");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static async Task MakeAsync(string program, params string[] arguments)
    {
        (
            await Command.RunAsync(program, arguments, TimeSpan.FromSeconds(10), cancellation: Cancellation)
        ).OutputOrThrow();
    }

    private MachineLock? Take(LockHolder me) => MachineLock.Take("c1", "one", me, _folder.FullName);

    private void AssertUnusable(string why)
    {
        EtcdException refused = Assert.Throws<EtcdException>(() => Take(Me));
        Assert.Equal("LockFileUnusable", refused.ErrorId);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.Contains(
            $"owned by the user with ID {UnixFile.Find(LockPath)!.Owner}",
            refused.Message,
            StringComparison.Ordinal
        );
    }

    private string Precious()
    {
        string path = Path.Combine(_folder.FullName, "precious");
        File.WriteAllText(path, "as it was");
        return path;
    }

    /// <summary>Does not use <see cref="File"/>, which locks every file that it opens.</summary>
    private byte[] Content()
    {
        using SafeFileHandle file = UnixLock.Open(LockPath);
        byte[] content = new byte[RandomAccess.GetLength(file)];
        return content[..RandomAccess.Read(file, content, 0)];
    }

    private void WriteContent(byte[] content)
    {
        using SafeFileHandle file = UnixLock.Open(LockPath);
        RandomAccess.SetLength(file, 0);
        RandomAccess.Write(file, content, 0);
    }

    private Process Hold(string user) =>
        Process.Start(
            new ProcessStartInfo(
                Command.Find("setpriv")!,
                [
                    "--reuid",
                    user,
                    "--clear-groups",
                    Command.Find("flock")!,
                    "--no-fork",
                    LockPath,
                    "sh",
                    "-c",
                    "echo held; exec sleep 60",
                ]
            )
            {
                RedirectStandardOutput = true,
            }
        )!;
}
