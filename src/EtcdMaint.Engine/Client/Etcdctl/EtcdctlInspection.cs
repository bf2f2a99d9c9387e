using EtcdMaint.Engine.Failures;
using EtcdMaint.Engine.Transport;

namespace EtcdMaint.Engine.Client.Etcdctl;

/// <summary>
/// Has etcdctl itself tell the values of its variables, where nothing else can. With --debug it prints them all, and
/// then refuses the value of another flag, before it connects to anything: a format that does not exist, or a domain
/// that cannot exist. Source: etcd-io/etcd, etcdctl/ctlv3/command/global.go.
/// </summary>
internal sealed class EtcdctlInspection(ICommandRunner runner, string program)
{
    /// <summary>
    /// Values that etcdctl refuses; one whose variable is set cannot be given, and the next one is tried.
    /// </summary>
    private static readonly EtcdctlFlag[] Refused = [new("write-out", "none"), new("discovery-srv", "..")];

    private static readonly string Debug = EtcdctlVariables.Of("debug");

    /// <exception cref="DialException">Its variables keep etcdctl from telling them.</exception>
    public async Task<IReadOnlyDictionary<string, string>> ReadAsync(CallBudget limit)
    {
        bool asks = true;
        int refused = 0;
        while (true)
        {
            string[] debug = asks ? ["--debug"] : [];
            string[] arguments = ["endpoint", "status", .. debug, $"{Refused[refused]}"];
            CommandOutput output = await runner.RunAsync(program, arguments, default, limit).ConfigureAwait(false);
            string? variable = EtcdctlRefusal.FindVariable(output);
            if (variable is null && Parse(output.Errors) is { Count: > 0 } values)
                return values;
            if (asks && variable == Debug)
                asks = false;
            else if (variable != Refused[refused].Variable || ++refused == Refused.Length)
                throw new DialException(
                    CallFailure.VariableConflict,
                    EtcdctlAgreement.Describe(variable ?? Debug, null, null)
                );
        }
    }

    private static Dictionary<string, string> Parse(string errors)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in errors.Split('\n'))
            if (
                line.StartsWith(EtcdctlVariables.Prefix, StringComparison.Ordinal)
                && line.IndexOf('=', StringComparison.Ordinal) is > 0 and var at
            )
                values.TryAdd(line[..at], Plain(line[..at], line[(at + 1)..].TrimEnd('\r')));
        return values;
    }

    /// <summary>The endpoints are printed as a list in brackets.</summary>
    private static string Plain(string name, string value) =>
        name == EtcdctlVariables.Of("endpoints") && value.StartsWith('[') && value.EndsWith(']') ? value[1..^1] : value;
}
