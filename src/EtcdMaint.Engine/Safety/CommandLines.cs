namespace EtcdMaint.Engine.Safety;

/// <summary>Command lines that messages recommend, as a user types them.</summary>
internal static class CommandLines
{
    /// <summary>Makes a cluster writable again that has used up its quota. It removes all history.</summary>
    public const string Rescue = "Get-EtcdMember | Invoke-EtcdCompaction | Invoke-EtcdDefrag | Clear-EtcdAlarm";
}
