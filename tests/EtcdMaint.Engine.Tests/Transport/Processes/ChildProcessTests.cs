using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;
using EtcdMaint.Engine.Transport.Processes;
using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Transport.Processes;

/// <summary>
/// Child processes are detached from the terminal, and otherwise behave as in a shell: with setsid as on Linux, and
/// without it as on macOS.
/// </summary>
[Trait("Kind", "Real")]
public sealed class ChildProcessTests
{
    private const string TellFile = "ETCDMAINT_TEST_TELL";

    private static CallBudget Limit => new(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);

    [Theory]
    [InlineData(nameof(Interrupts_its_own_process_group))]
    [InlineData(nameof(Interrupts_its_own_process_group_without_setsid))]
    public async Task Ctrl_C_does_not_reach_a_running_child_process(string test)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The test needs setsid to get a process group of its own.");
        await using ThrowAwayFolder folder = ThrowAwayFolder.Create("signal");
        string file = folder.Combine("told");

        // The signal goes to a whole process group, so it is sent in a separate one.
        CommandResult ran = await Command.RunAsync(
            "setsid",
            [
                "env",
                "--default-signal=INT",
                "dotnet",
                typeof(ChildProcessTests).Assembly.Location,
                "-noColor",
                "-explicit",
                "only",
                "-method",
                $"{typeof(ChildProcessTests).FullName}.{test}",
            ],
            TimeSpan.FromSeconds(60),
            environment: new Dictionary<string, string> { [TellFile] = file },
            cancellation: Limit.Stop
        );
        Assert.True(File.Exists(file), ran.ToString());
        Assert.Equal(
            "plain child ended: True, module call ended: False",
            await File.ReadAllTextAsync(file, Limit.Stop)
        );
    }

    [Fact(Explicit = true)]
    public Task Interrupts_its_own_process_group_without_setsid()
    {
        UseSetsid(false);
        return Interrupts_its_own_process_group();
    }

    [Fact(Explicit = true)]
    public async Task Interrupts_its_own_process_group()
    {
        string file =
            Environment.GetEnvironmentVariable(TellFile)
            ?? throw new InvalidOperationException("This is a part of another test.");
        using var survive = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using Process plain = Process.Start("sleep", ["60"]);
        using Process inHand = ChildProcess.Start("sleep", ["60"], static _ => { });
        await Poll.UntilAsync(
            () => IsSleep(plain) && IsSleep(inHand),
            TimeSpan.FromSeconds(10),
            "both are running",
            CancellationToken.None
        );

        using Process signal = Process.Start("sh", ["-c", "kill -INT 0"]);
        bool plainEnded = plain.WaitForExit(TimeSpan.FromSeconds(10));
        bool inHandEnded = inHand.WaitForExit(TimeSpan.FromMilliseconds(500));
        await File.WriteAllTextAsync(
            file,
            $"plain child ended: {plainEnded}, module call ended: {inHandEnded}",
            CancellationToken.None
        );
        ChildProcess.End(inHand);
        ChildProcess.End(plain);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Passes_input_output_and_exit_code_through_unchanged(bool hasSetsid)
    {
        UseSetsid(hasSetsid);
        CommandOutput ended = await RunAsync("sh", ["-c", "cat; echo err >&2; exit 3"], Encoding.UTF8.GetBytes("in\n"));
        Assert.Equal((3, "in\n", "err\n"), (ended.ExitCode, ended.Output, ended.Errors));
        Assert.Equal(0, (await RunAsync("true", [])).ExitCode);
        Assert.Equal(128 + 9, (await RunAsync("sh", ["-c", "kill -KILL $$"])).ExitCode);
        Assert.Equal("-n --help", (await RunAsync("echo", ["-n --help"])).Output.Trim());
        string[] arguments = ["", "-c", "$(id)", "`id`", "\"; id; \"", "'", "\\", "two  words", "line\nbreak", "$0"];
        Assert.Equal(arguments, (await RunAsync("printf", ["%s\\0", .. arguments])).Output.TrimEnd('\0').Split('\0'));
        foreach (string missing in new[] { "no-such-program", "/etc/passwd", "/nowhere/program" })
            Assert.Equal(
                CallFailure.ProgramMissing,
                (await Assert.ThrowsAsync<DialException>(() => RunAsync(missing, []))).Failure
            );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_timed_out_program_ends_with_all_its_child_processes(bool hasSetsid)
    {
        UseSetsid(hasSetsid);
        await using ThrowAwayFolder folder = ThrowAwayFolder.Create("children");
        string file = folder.Combine("child");
        DialException late = await Assert.ThrowsAsync<DialException>(() =>
            ChildProcess.RunAsync(
                "sh",
                ["-c", $"sleep 60 & echo $! > {file}.new; mv {file}.new {file}; wait"],
                static _ => { },
                default,
                Limit with
                {
                    Timeout = TimeSpan.FromSeconds(2),
                }
            )
        );
        Assert.Equal(CallFailure.TimedOut, late.Failure);
        int child = int.Parse(await File.ReadAllTextAsync(file, Limit.Stop));
        await Poll.UntilAsync(
            () => !IsAtWork(child),
            TimeSpan.FromSeconds(5),
            "the grandchild process has ended",
            Limit.Stop
        );
    }

    private static void UseSetsid(bool hasSetsid) =>
        PlatformFeatures.Current = PlatformFeatures.Current with { HasSetsid = hasSetsid };

    private static Task<CommandOutput> RunAsync(
        string program,
        string[] arguments,
        ReadOnlyMemory<byte> input = default
    ) => ChildProcess.RunAsync(program, arguments, static _ => { }, input, Limit);

    private static bool IsSleep(Process process) => File.ReadAllText($"/proc/{process.Id}/comm") == "sleep\n";

    /// <summary>A process that has ended may remain as a zombie until its parent reads its exit code.</summary>
    private static bool IsAtWork(int process)
    {
        using Process ps = Process.Start(
            new ProcessStartInfo("ps", ["-o", "stat=", "-p", $"{process}"]) { RedirectStandardOutput = true }
        )!;
        string state = ps.StandardOutput.ReadToEnd().Trim();
        return state.Length > 0 && !state.StartsWith('Z');
    }
}
