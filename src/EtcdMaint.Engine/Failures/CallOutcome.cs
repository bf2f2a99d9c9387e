namespace EtcdMaint.Engine.Failures;

/// <summary>Whether a failed call may be running on the server.</summary>
internal enum CallOutcome
{
    /// <summary>The server may be running the call, or may have finished it.</summary>
    Unknown,

    /// <summary>The server refused the call, or nothing was sent.</summary>
    NotDone,
}
