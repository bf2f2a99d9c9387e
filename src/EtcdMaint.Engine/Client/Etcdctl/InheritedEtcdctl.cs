using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Client.Etcdctl;

/// <summary>
/// Runs etcdctl with variables that cannot be unset there. A flag is omitted if its variable is known to have the same
/// effect. If a variable has another effect, the error names it and nothing is sent.
/// </summary>
internal sealed class InheritedEtcdctl(ICommandRunner runner, EtcdctlSettings settings)
{
    /// <summary>Their flags cannot be used, because releases before 3.6 and 3.7 do not support them.</summary>
    private static readonly string[] WithoutFlag =
    [
        EtcdctlVariables.AuthToken,
        EtcdctlVariables.RequestLimit,
        EtcdctlVariables.ReceiveLimit,
    ];

    private readonly EtcdctlInspection _inspection = new(runner, settings.Program);

    private volatile IReadOnlyDictionary<string, string>? _inspected;

    /// <exception cref="DialException">A variable changes the call.</exception>
    public async Task<CommandOutput> RunAsync(EtcdctlCall call, CallBudget limit)
    {
        await RequireNoOtherAsync(limit).ConfigureAwait(false);
        List<EtcdctlFlag> flags = [.. call.Flags(settings), .. call.Defaults(settings)];
        foreach (EtcdctlFlag flag in flags.Where(f => settings.Variables.ContainsKey(f.Variable)).ToArray())
            await LeaveOutAsync(flag, flags, limit).ConfigureAwait(false);
        while (true)
        {
            string[] arguments = [.. call.Command, .. flags.Select(f => f.ToString())];
            CommandOutput output = await runner
                .RunAsync(settings.Program, arguments, call.Input, limit)
                .ConfigureAwait(false);
            if (EtcdctlRefusal.FindVariable(output) is not { } variable)
                return output;
            if (flags.Find(f => f.Variable == variable) is not { } flag)
                throw Conflict(variable, settings.Variables.GetValueOrDefault(variable), null);
            await LeaveOutAsync(flag, flags, limit).ConfigureAwait(false);
        }
    }

    private async Task LeaveOutAsync(EtcdctlFlag flag, List<EtcdctlFlag> flags, CallBudget limit)
    {
        string? value = await ReadAsync(flag.Variable, limit).ConfigureAwait(false);
        if (value is null || !EtcdctlAgreement.Holds(flag, value, settings))
            throw Conflict(flag.Variable, value, flag);
        flags.Remove(flag);
    }

    private async Task RequireNoOtherAsync(CallBudget limit)
    {
        foreach (string name in WithoutFlag.Where(settings.Variables.ContainsKey))
            RequireNone(name, await ReadAsync(name, limit).ConfigureAwait(false));
    }

    /// <summary>
    /// Returns the known value, or otherwise the value that etcdctl reports. Returns null if neither is available.
    /// </summary>
    private async Task<string?> ReadAsync(string variable, CallBudget limit)
    {
        if (settings.Variables.GetValueOrDefault(variable) is { } known)
            return known;
        if (_inspected is null)
        {
            IReadOnlyDictionary<string, string> values = await _inspection.ReadAsync(limit).ConfigureAwait(false);
            foreach (string name in WithoutFlag)
                RequireNone(name, values.GetValueOrDefault(name));
            _inspected = values;
        }
        return _inspected.GetValueOrDefault(variable);
    }

    private static void RequireNone(string name, string? value)
    {
        if (value is not (null or "" or "0"))
            throw Conflict(name, value, null);
    }

    private static DialException Conflict(string variable, string? value, EtcdctlFlag? flag) =>
        new(CallFailure.VariableConflict, EtcdctlAgreement.Describe(variable, value, flag));
}
