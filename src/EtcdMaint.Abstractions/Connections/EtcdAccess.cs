namespace EtcdMaint;

/// <summary>The way in that a connection uses.</summary>
public enum EtcdAccess
{
    /// <summary>gRPC, straight to the members' client endpoints.</summary>
    Endpoint,
}
