using EtcdMaint.Engine.Client.Grpc;
using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Client.Etcdctl;

/// <summary>
/// Starts etcdctl so that no variable in its environment changes the call. Without such a variable, etcdctl is started
/// directly; otherwise the first available way to remove the variables is used.
/// </summary>
internal sealed class EtcdctlLauncher(ICommandRunner runner, EtcdctlSettings settings)
{
    private readonly InheritedEtcdctl _inherited = new(runner, settings);

    private volatile int _way = (int)(
        settings.Login is not null || settings.Variables.Count > 0 ? Way.Shell : Way.Direct
    );

    private enum Way
    {
        /// <summary>
        /// etcdctl gets a flag for every setting that a variable could change, so that it reports the first such
        /// variable.
        /// </summary>
        Direct,
        Shell,
        EnvProgram,

        /// <summary>The container runtime sets the variables, and no flags are used.</summary>
        Runtime,

        /// <summary>etcdctl runs with the existing variables if they have the same effect as the flags.</summary>
        Inherited,
    }

    public async Task<CommandOutput> RunAsync(EtcdctlCall call, CallBudget limit)
    {
        while (true)
        {
            limit.Stop.ThrowIfCancellationRequested();
            var way = (Way)_way;
            try
            {
                CommandOutput output = await RunAsync(way, call, limit).ConfigureAwait(false);
                if (!IsRefused(way, output))
                    return output;
            }
            catch (DialException missing)
                when (way is Way.Shell or Way.EnvProgram && missing.Failure is CallFailure.ProgramMissing)
            {
                if (settings.Login is not null)
                    throw new DialException(CallFailure.ShellMissing, missing.Message, missing);
            }

            // Nothing was sent. A concurrent call may have found the same.
            _way = Math.Max(_way, (int)way + 1);
        }
    }

    private bool IsRefused(Way way, CommandOutput output) =>
        way switch
        {
            Way.Direct => !settings.OwnsEnvironment && EtcdctlRefusal.FindVariable(output) is not null,
            Way.EnvProgram => EtcdctlEnvProgram.IsRefusal(output),
            _ => false,
        };

    private Task<CommandOutput> RunAsync(Way way, EtcdctlCall call, CallBudget limit) =>
        way switch
        {
            Way.Direct => runner.RunAsync(
                settings.Program,
                Words(call, settings.OwnsEnvironment ? [] : call.Defaults(settings)),
                call.Input,
                limit
            ),
            Way.Shell => runner.RunAsync(
                EtcdctlShell.Program,
                EtcdctlShell.Arguments(settings.Login, settings.Program, Words(call, [])),
                EtcdctlShell.Input(settings.Login, call.Input),
                limit
            ),
            Way.EnvProgram => runner.RunAsync(
                EtcdctlEnvProgram.Program,
                EtcdctlEnvProgram.Arguments(settings.Program, Words(call, [])),
                call.Input,
                limit
            ),
            Way.Runtime when runner.With(Variables(call)) is { } set => set.RunAsync(
                settings.Program,
                call.Command,
                call.Input,
                limit
            ),
            _ => _inherited.RunAsync(call, limit),
        };

    private string[] Words(EtcdctlCall call, IEnumerable<EtcdctlFlag> defaults) =>
        [.. call.Command, .. call.Flags(settings).Concat(defaults).Select(f => f.ToString())];

    /// <summary>etcdctl ignores an empty variable if its flag is not used.</summary>
    private Dictionary<string, string> Variables(EtcdctlCall call)
    {
        var variables = EtcdctlVariables.All.ToDictionary(name => name, _ => "");
        foreach (EtcdctlFlag flag in call.Flags(settings))
            variables[flag.Variable] = flag.Value;
        return variables;
    }
}
