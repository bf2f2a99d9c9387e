using System.Diagnostics;
using System.Globalization;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport.Processes;

namespace EtcdMaint.Engine.Transport.Ssh;

/// <summary>Calls the ssh client of the system for one node.</summary>
/// <param name="socket">The control socket through which calls share the connection of the master, or null if the
/// platform has none.</param>
internal sealed class SshClient(SshTarget target, SshClientSettings settings, string? socket)
{
    /// <summary>The arguments after the options: the node.</summary>
    public IEnumerable<string> Destination => ["--", target.Destination];

    /// <summary>Starts the master, the process that logs in for all calls. It ends when its input ends.</summary>
    /// <exception cref="DialException">The ssh client was not found.</exception>
    public Process StartMaster(string command) => Start(Options(isMaster: true), [.. Destination, command]);

    /// <summary>
    /// Starts an ssh process that uses the connection of the master, or that logs in itself if there is no socket.
    /// </summary>
    /// <exception cref="DialException">The ssh client was not found.</exception>
    public Process Start(IReadOnlyList<string> arguments) => Start(Options(isMaster: false), arguments);

    private Process Start(IEnumerable<string> options, IReadOnlyList<string> arguments)
    {
        try
        {
            return ChildProcess.Start(
                settings.Program,
                [.. options, .. arguments],
                static start =>
                {
                    start.Environment["LC_ALL"] = "C";

                    // ssh does not pass BatchMode to the ssh process for a jump host. Without a terminal, that process
                    // would ask in a window.
                    start.Environment["SSH_ASKPASS_REQUIRE"] = "never";
                }
            );
        }
        catch (DialException missing)
        {
            throw new DialException(CallFailure.SshUnusable, missing.Message, missing);
        }
    }

    private IEnumerable<string> Options(bool isMaster)
    {
        if (settings.ConfigFile is not null)
            yield return $"-F{settings.ConfigFile}";
        if (target.Port is { } port)
            yield return string.Create(CultureInfo.InvariantCulture, $"-p{port}");
        yield return "-T";
        yield return "-oBatchMode=yes";

        // A master reports streams that could not be opened. A process that logs in itself also reports the login.
        // Other calls would show the banner of the node.
        yield return $"-oLogLevel={(socket is null ? "VERBOSE" : isMaster ? "INFO" : "ERROR")}";
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"-oConnectTimeout={(int)SshClientSettings.ConnectTimeout.TotalSeconds}"
        );

        // Detects a node that no longer answers. A node whose etcd is unavailable still answers.
        yield return "-oServerAliveInterval=5";
        yield return "-oServerAliveCountMax=3";
        if (socket is null)
            yield break;
        yield return $"-oControlMaster={(isMaster ? "yes" : "no")}";
        yield return $"-oControlPath={socket}";
        yield return "-oControlPersist=no";
    }
}
