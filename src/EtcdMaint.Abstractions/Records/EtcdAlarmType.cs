namespace EtcdMaint;

/// <summary>The kinds of alarm that etcd arms.</summary>
public enum EtcdAlarmType
{
    /// <summary>A member's database file went over its quota: the cluster refuses writes.</summary>
    NoSpace = 1,

    /// <summary>A member's data differs from the others': the cluster refuses nearly everything.</summary>
    Corrupt = 2,
}
