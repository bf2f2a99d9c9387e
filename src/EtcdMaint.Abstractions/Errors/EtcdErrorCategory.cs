namespace EtcdMaint;

/// <summary>The category of an error. The names are those of the error categories of PowerShell.</summary>
public enum EtcdErrorCategory
{
    /// <summary>No other category applies.</summary>
    NotSpecified,

    /// <summary>A login or a certificate was rejected.</summary>
    AuthenticationError,

    /// <summary>No endpoint could be reached, or the connection was lost.</summary>
    ConnectionError,

    /// <summary>The value of a parameter is invalid.</summary>
    InvalidArgument,

    /// <summary>The data that was read is invalid or must not be trusted.</summary>
    InvalidData,

    /// <summary>The cluster's state does not allow the operation.</summary>
    InvalidOperation,

    /// <summary>The operation ended with an undesired result.</summary>
    InvalidResult,

    /// <summary>A limit of the server or of this machine prevents the operation.</summary>
    LimitsExceeded,

    /// <summary>The server or the access does not support the operation.</summary>
    NotImplemented,

    /// <summary>The specified object does not exist.</summary>
    ObjectNotFound,

    /// <summary>The time limit was exceeded.</summary>
    OperationTimeout,

    /// <summary>The user stopped the operation.</summary>
    OperationStopped,

    /// <summary>The user does not have permission.</summary>
    PermissionDenied,

    /// <summary>Another client uses the object.</summary>
    ResourceBusy,

    /// <summary>The object already exists.</summary>
    ResourceExists,

    /// <summary>The object exists and is unavailable now.</summary>
    ResourceUnavailable,

    /// <summary>Trust could not be established.</summary>
    SecurityError,

    /// <summary>A file could not be written.</summary>
    WriteError,

    /// <summary>A file could not be read.</summary>
    ReadError,
}
