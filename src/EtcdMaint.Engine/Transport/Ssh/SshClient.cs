using System.Diagnostics;
using System.Globalization;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport.Processes;

namespace EtcdMaint.Engine.Transport.Ssh;

/// <summary>The system's ssh client, as it is called for one node.</summary>
/// <param name="socket">The control socket through which calls share the master's connection; null where the platform
/// has none.</param>
internal sealed class SshClient(SshTarget target, SshClientSettings settings, string? socket)
{
    /// <summary>What stands after the options: the node itself.</summary>
    public IEnumerable<string> Destination => ["--", target.Destination];

    /// <summary>Starts the process that logs in for all others, which is over when its input ends.</summary>
    /// <exception cref="DialException">There is no such program.</exception>
    public Process StartMaster(string command) => Start(Options(isMaster: true), [.. Destination, command]);

    /// <summary>Starts one that uses the master's connection, or logs in itself where there is no socket.</summary>
    /// <exception cref="DialException">There is no such program.</exception>
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

                    // The ssh to a jump host is not told of BatchMode; without a terminal it would ask in a window.
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

        // A master tells of streams that could not be opened at this level; other calls would show the node's banner.
        yield return $"-oLogLevel={(isMaster || socket is null ? "INFO" : "ERROR")}";
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"-oConnectTimeout={(int)SshClientSettings.ConnectTimeout.TotalSeconds}"
        );

        // A node that went silent is noticed, while one whose etcd stands still goes on answering.
        yield return "-oServerAliveInterval=5";
        yield return "-oServerAliveCountMax=3";
        if (socket is null)
            yield break;
        yield return $"-oControlMaster={(isMaster ? "yes" : "no")}";
        yield return $"-oControlPath={socket}";
        yield return "-oControlPersist=no";
    }
}
