namespace EtcdMaint;

/// <summary>What kind of error it is. The names are those of PowerShell's own error categories.</summary>
public enum EtcdErrorCategory
{
    /// <summary>None of the others.</summary>
    NotSpecified,

    /// <summary>A login or a certificate was not accepted.</summary>
    AuthenticationError,

    /// <summary>Nothing could be reached, or the connection broke.</summary>
    ConnectionError,

    /// <summary>A parameter cannot be used as given.</summary>
    InvalidArgument,

    /// <summary>What was read makes no sense, or must not be trusted.</summary>
    InvalidData,

    /// <summary>The cluster's state does not allow the operation.</summary>
    InvalidOperation,

    /// <summary>The operation came to an end that was not wanted.</summary>
    InvalidResult,

    /// <summary>A limit of the server or of this machine is in the way.</summary>
    LimitsExceeded,

    /// <summary>The server or the access cannot do this.</summary>
    NotImplemented,

    /// <summary>The thing that was named does not exist.</summary>
    ObjectNotFound,

    /// <summary>The time allowed was over.</summary>
    OperationTimeout,

    /// <summary>Somebody asked for it to be stopped.</summary>
    OperationStopped,

    /// <summary>The user may not do this.</summary>
    PermissionDenied,

    /// <summary>Somebody else is using it.</summary>
    ResourceBusy,

    /// <summary>It exists already.</summary>
    ResourceExists,

    /// <summary>It is there but cannot be used now.</summary>
    ResourceUnavailable,

    /// <summary>Trust could not be established.</summary>
    SecurityError,

    /// <summary>A file could not be written.</summary>
    WriteError,

    /// <summary>A file could not be read.</summary>
    ReadError,
}
