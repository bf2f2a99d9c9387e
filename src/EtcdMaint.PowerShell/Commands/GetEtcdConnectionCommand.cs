using System.Management.Automation;

namespace EtcdMaint.Cmdlets;

/// <summary>Shows the open connections of this runspace.</summary>
[Cmdlet(VerbsCommon.Get, "EtcdConnection")]
[OutputType(typeof(EtcdConnection))]
public sealed class GetEtcdConnectionCommand : PSCmdlet
{
    /// <summary>The names of clusters. Wildcards are allowed.</summary>
    [Parameter(Position = 0)]
    [Narrowing]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ClusterNameCompleter))]
    public string[]? ClusterName { get; set; }

    /// <summary>Rejects an empty name, which would otherwise select all connections.</summary>
    protected override void BeginProcessing()
    {
        if (NarrowingAttribute.FindEmpty(this) is { } parameter)
            ThrowTerminatingError(InputErrors.ParameterEmpty(parameter).ToErrorRecord());
    }

    /// <summary>Emits the connections in the order in which they were made.</summary>
    protected override void EndProcessing()
    {
        NamePattern[]? names = ClusterName?.Select(name => new NamePattern(name)).ToArray();
        foreach (EtcdConnection connection in RunspaceConnections.Current.Open)
        {
            if (names is null || names.Any(name => name.Matches(connection.ClusterName)))
                WriteObject(connection);
        }
    }
}
