using EtcdMaint.TestCluster;

namespace EtcdMaint.Engine.Tests.Fixtures;

/// <summary>Files that are not regular files.</summary>
internal static class SpecialFiles
{
    public static void SkipOnWindows() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such files.");

    public static async Task MakePipeAsync(string path)
    {
        SkipOnWindows();
        (
            await Command.RunAsync(
                "mkfifo",
                [path],
                TimeSpan.FromSeconds(10),
                cancellation: TestContext.Current.CancellationToken
            )
        ).OutputOrThrow();
    }

    /// <summary>A device like /dev/null, but one whose loss does no damage.</summary>
    public static async Task MakeDeviceAsync(string path)
    {
        SkipOnWindows();
        CommandResult made = await Command.RunAsync(
            "mknod",
            [path, "c", "1", "3"],
            TimeSpan.FromSeconds(10),
            cancellation: TestContext.Current.CancellationToken
        );
        Assert.SkipUnless(made.ExitCode == 0, "Only root can create a device.");
    }

    /// <summary>The kind of the file at the path itself, without following a link.</summary>
    public static FileKind KindOf(string path) =>
        OperatingSystem.IsWindows() ? FileKind.Regular : UnixFile.Find(path)!.Kind;
}
