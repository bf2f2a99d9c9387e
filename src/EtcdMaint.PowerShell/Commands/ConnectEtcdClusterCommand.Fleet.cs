using System.Globalization;
using System.Management.Automation;
using EtcdMaint.Fleet;

namespace EtcdMaint.Cmdlets;

/// <content>The parameters that divide a fleet: into shards for several processes, and into rings in time.</content>
public sealed partial class ConnectEtcdClusterCommand
{
    /// <summary>The value of an empty cell. PowerShell binds null late, which would hide other columns.</summary>
    private const int NoRing = int.MinValue;

    /// <summary>The ring of the records that have no ring of their own.</summary>
    private int? _ringOfAll;

    private Shard? _shard;

    /// <summary>
    /// The part of the records to connect to, for example <c>3/20</c> in the third of 20 processes. The name of a
    /// cluster decides its shard.
    /// </summary>
    [Parameter]
    [Narrowing]
    public string? Shard { get; set; }

    /// <summary>
    /// The ring of the cluster. <c>Invoke-EtcdMaintenance</c> starts a ring when the ring before it has ended without
    /// failures. Clusters without a ring come last.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Narrowing]
    [EmptyCellAsNull(typeof(int), As = NoRing)]
    public int? Ring { get; set; }

    private int? RingOrNull => Ring is NoRing ? null : Ring;

    private void ReadShard() =>
        Check(() =>
        {
            if (Ring is NoRing)
                throw InputErrors.ParameterEmpty(nameof(Ring));
            _ringOfAll = RingOrNull;
            _shard = Shard is null ? null : Fleet.Shard.Parse(Shard);
            if (!MyInvocation.ExpectingInput)
                RequireNameForShard();
        });

    /// <summary>
    /// Without a name, the cluster could be in one shard now and in another one when its address changes.
    /// </summary>
    private void RequireNameForShard()
    {
        if (_shard is not null && NullIfBlank(ClusterName) is null)
            throw InputErrors.ShardNeedsClusterName();
    }

    /// <summary>
    /// Returns the ring in a record that cannot be used. If the ring cannot be read, the record counts for ring 0,
    /// because no later ring must start.
    /// </summary>
    private int? RingOf(PSObject record) =>
        NullIfBlank(record.Properties[nameof(Ring)]?.Value?.ToString()) is not { } ring ? _ringOfAll
        : int.TryParse(ring, NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) ? number
        : 0;

    /// <summary>
    /// Whether this call connects to the cluster. Every cluster of a list is in exactly one shard, so a call says
    /// nothing about the others except in its log.
    /// </summary>
    private bool IsInShard(string name)
    {
        if (_shard is null || _shard.Contains(name))
            return true;
        _outcome.LeaveOut(_shard);
        WriteVerbose(
            PlainText.Of($"'{name}' is in shard {Fleet.Shard.Of(name, _shard.Count)}, so shard {_shard} omits it.")
        );
        return false;
    }
}
