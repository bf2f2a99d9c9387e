namespace EtcdMaint.Engine.Transport.Processes;

/// <summary>
/// What the programs of a platform support. A test can omit a feature, so that the way of macOS or Windows also runs on
/// Linux.
/// </summary>
/// <param name="HasSetsid">Whether <c>setsid</c> may be used. Only Linux has it.</param>
/// <param name="HasControlSockets">Whether the calls of ssh can share one connection. OpenSSH for Windows has no
/// control sockets.</param>
internal sealed record PlatformFeatures(bool HasSetsid, bool HasControlSockets)
{
    private static readonly PlatformFeatures Own = new(OperatingSystem.IsLinux(), !OperatingSystem.IsWindows());

    private static readonly AsyncLocal<PlatformFeatures?> Simulated = new();

    /// <summary>Only tests set it. The value applies to the calls of the test that sets it.</summary>
    public static PlatformFeatures Current
    {
        get => Simulated.Value ?? Own;
        set => Simulated.Value = value;
    }
}
