namespace EtcdMaint;

/// <summary>The types of alarms that etcd arms.</summary>
public enum EtcdAlarmType
{
    /// <summary>The database file of a member exceeded its quota. The cluster rejects writes.</summary>
    NoSpace = 1,

    /// <summary>
    /// The data of a member differs from that of the other members. The cluster rejects nearly all requests.
    /// </summary>
    Corrupt = 2,
}
