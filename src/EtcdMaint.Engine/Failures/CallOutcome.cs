namespace EtcdMaint.Engine.Failures;

/// <summary>What a failure says about the call on the server.</summary>
internal enum CallOutcome
{
    /// <summary>The server may be running the call, or may have finished it.</summary>
    Unknown,

    /// <summary>The server refused the call, or nothing was sent.</summary>
    NotDone,
}
